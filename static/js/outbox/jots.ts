// Written down without asking the database anything first, because a thumb waits for it. Its number comes right after.

import type { Drawer } from "./drawer";
import { BOOT_ID } from "./ids";
import type { Written } from "./messages";
import { enter } from "./queue";
import { jotted, type Store, setMeta, type Tx } from "./store";

let count = 0;

/** Resolves when it is on the disk; it has its second copy a moment later. */
export async function jot(store: Store, drawer: Drawer, written: Written): Promise<void> {
  count++;
  const key = `jot-${BOOT_ID}-${String(count).padStart(6, "0")}` as const;
  await store.write(async (tx) => {
    setMeta(tx, key, written).catch(() => {}); // it ends the transaction
    drawer.file({ seq: key, device: "", written }, tx.done);
  });
}

/** All of them become entries, in order and in one transaction. */
export function number(store: Store, drawer: Drawer): Promise<void> {
  return store.write(async (tx) => {
    const meta = tx.objectStore("meta");
    const [keys, jots] = await Promise.all([
      meta.getAllKeys(jotted()),
      meta.getAll(jotted()) as Promise<Written[]>,
    ]);
    for (const jot of jots) await enter(tx, jot, drawer.file);
    for (const key of keys) meta.delete(key).catch(() => {});
    if (keys.length) tx.done.then(() => setTimeout(() => drawer.drop(keys))).catch(() => {});
  });
}

export function countJots(tx: Tx): Promise<number> {
  return tx.objectStore("meta").count(jotted());
}
