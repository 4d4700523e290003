// Down on this phone before anything else happens: database, else journal, else an error that keeps the form.

import { note, replay } from "./journal";
import type { Saved, Written } from "./messages";
import { add } from "./queue";
import type { Store } from "./store";

export async function keep(store: Store, written: Written): Promise<Saved> {
  const { person_id } = written.authored;
  try {
    await replay(store, person_id);
    return await add(store, written);
  } catch {
    note(person_id, written);
    return { written, kept: "journal", again: false };
  }
}
