// Down on this phone before anything else happens: database, else journal, else an error that keeps the form.

import { copy } from "./copies";
import type { Drawer } from "./drawer";
import { note, replay } from "./journal";
import type { Saved, Written } from "./messages";
import { add } from "./queue";
import type { Store } from "./store";

/** `tried` is told what came of it. */
export async function keep(
  { store, drawer }: { store: Store; drawer: Drawer },
  written: Written,
  tried: (error?: unknown) => void,
): Promise<Saved> {
  const { person_id } = written.authored;
  try {
    await replay(store, person_id);
    const saved = await add(store, written, drawer.file);
    if (!saved.again) setTimeout(() => copy(person_id, saved.written));
    tried();
    return saved;
  } catch (error) {
    tried(error);
    note(person_id, written);
    return { written, kept: "journal", again: false };
  }
}
