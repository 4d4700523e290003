// Down on this phone before anything else happens: database, else journal, else an error that keeps the form.

import { copy } from "./copies";
import { jot, type Places } from "./jots";
import { note, replayFirst } from "./journal";
import type { Saved, Written } from "./messages";

/** `failed` is told what the database said. */
export async function keep(
  places: Places,
  written: Written,
  failed: (error: unknown) => void,
): Promise<Saved> {
  const { person_id } = written.authored;
  try {
    await replayFirst(places, person_id);
    await jot(places, written);
    setTimeout(() => copy(person_id, written));
    return { written, kept: "database" };
  } catch (error) {
    failed(error);
    note(person_id, written);
    return { written, kept: "journal" };
  }
}
