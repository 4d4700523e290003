// Down on this phone before anything else happens: database, else journal, else an error that keeps the form.

import { copy } from "./copies";
import type { Drawer } from "./drawer";
import { jot } from "./jots";
import { note, replayFirst } from "./journal";
import type { Saved, Written } from "./messages";
import type { Store } from "./store";

/** `failed` is told what the database said. */
export async function keep(
  { store, drawer }: { store: Store; drawer: Drawer },
  written: Written,
  failed: (error: unknown) => void,
): Promise<Saved> {
  const { person_id } = written.authored;
  try {
    await replayFirst(store, person_id);
    await jot(store, drawer, written);
    setTimeout(() => copy(person_id, written));
    return { written, kept: "database" };
  } catch (error) {
    failed(error);
    note(person_id, written);
    return { written, kept: "journal" };
  }
}
