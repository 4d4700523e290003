// A database that was given up and opens again: what is in it is taken into the present one, once.

import { contentsOfDatabase } from "./databases";
import { unsealed } from "./envelope";
import { leftBehind, noteEmptied } from "./quarantine";
import { add } from "./queue";
import type { Contents, Store } from "./store";

export async function takeOver(store: Store, personId: string): Promise<void> {
  for (const name of leftBehind(personId)) {
    const found = await contentsOfDatabase(name).catch(() => null);
    if (!found) continue;
    await takeIn(store, found);
    noteEmptied(personId, name);
  }
}

/** A kill in between repeats it: what is here already stays as it is. */
async function takeIn(store: Store, { entries, jots, results, drafts }: Contents): Promise<void> {
  await store.write(async (tx) => {
    for (const one of results) await addMissing(tx.objectStore("results"), one.id, one);
    for (const one of drafts) await addMissing(tx.objectStore("drafts"), one.slot, one);
    const held = entries.filter(({ seq }) => seq === undefined);
    for (const one of held) await addMissing(tx.objectStore("outbox"), one.id, one);
  });
  for (const one of entries.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
    if (one.seq !== undefined) await add(store, unsealed(one));
  }
  for (const jot of jots) await add(store, jot);
}

interface Shelf<T> {
  getKey(key: string): Promise<string | undefined>;
  put(value: T): Promise<string>;
}

async function addMissing<T>(shelf: Shelf<T>, key: string, value: T): Promise<void> {
  if ((await shelf.getKey(key)) === undefined) await shelf.put(value);
}
