// What somebody wrote here and the server has never had, whatever else it was told.

import { inJournal } from "./journal";
import type { Entry, Status } from "./messages";
import { jotsOf, type Store } from "./store";

const NEVER_THERE: Status[] = ["mismatch", "too_large", "missing"];

export function leftOver(store: Store, personId: string): Promise<number> {
  return store.read(async (tx) => {
    const all = await tx.objectStore("outbox").getAll();
    return all.filter(isHereOnly).length + (await jotsOf(tx)).length + inJournal(personId).length;
  });
}

function isHereOnly({ seq, state, result }: Entry): boolean {
  if (state === "withdrawn") return false;
  return seq !== undefined || (result !== undefined && NEVER_THERE.includes(result.status));
}
