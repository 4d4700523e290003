// Written down without asking the database anything first, because a thumb waits for it. Its number comes right after.

import type { Drawer } from "./drawer";
import { BOOT_ID } from "./ids";
import type { Written } from "./messages";
import { enter } from "./queue";
import { jotsOf, jotted, type Store } from "./store";

/** Without a drawer their second copies stay as they are until the database opens next. */
export interface Places {
  store: Store;
  drawer?: Drawer;
}

let count = 0;
let last = 0;

/** Resolves when it is on the disk; it has its second copy a moment later. */
export async function jot({ store, drawer }: Places, written: Written): Promise<void> {
  count++;
  last = Math.max(last, Date.now()); // two pages' may wait side by side
  const place = [String(last).padStart(14, "0"), BOOT_ID, String(count).padStart(6, "0")];
  const key = `jot-${place.join("-")}` as const;
  await store.write(async (tx) => {
    // What it throws at once ends it here; what it finds later ends the transaction.
    tx.objectStore("meta")
      .put(written, key)
      .catch(() => {});
    drawer?.file({ seq: key, device: "", written }, tx.done);
  });
}

/** All of them become entries, in order and in one transaction. Resolves with how many they were. */
export function number({ store, drawer }: Places): Promise<number> {
  return store.write(async (tx) => {
    const meta = tx.objectStore("meta");
    const [keys, jots] = await Promise.all([meta.getAllKeys(jotted()), jotsOf(tx)]);
    for (const jot of jots) await enter(tx, jot, drawer?.file);
    for (const key of keys) meta.delete(key).catch(() => {});
    if (keys.length) tx.done.then(() => setTimeout(() => drawer?.drop(keys))).catch(() => {});
    return keys.length;
  });
}
