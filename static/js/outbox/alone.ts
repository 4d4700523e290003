// One drainer for all tabs: a Web Lock, and a lease in the database where there is none or its holder sleeps.

import { meta, type Store, setMeta, type Writing } from "./store";

const LEASE_MS = 25_000; // longer than one batch may take
const ASLEEP_MS = 60_000;

/** Runs `deed` unless another tab is at it; says whether it ran. */
export async function alone(
  store: Store,
  name: string,
  owner: string,
  deed: () => Promise<void>,
): Promise<boolean> {
  const held = async () => {
    await store.write((tx) => setMeta(tx, "lease", { owner, beat: Date.now() }));
    try {
      await deed();
    } finally {
      await store.write((tx) => release(tx, owner));
    }
    return true;
  };
  if (!navigator.locks) return (await lapsed(store, owner, LEASE_MS)) && held();
  const ran = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && held());
  if (ran) return true;
  if (!(await lapsed(store, owner, ASLEEP_MS))) return false;
  return navigator.locks.request(name, { steal: true }, held);
}

/** Said before each batch: a tab that slept finds that its turn was taken. */
export async function stillMine(tx: Writing, owner: string): Promise<boolean> {
  if ((await meta(tx, "lease"))?.owner !== owner) return false;
  await setMeta(tx, "lease", { owner, beat: Date.now() });
  return true;
}

/** Where there are locks, a missing lease means that the lock's holder is about to write it. */
function lapsed(store: Store, owner: string, limit: number): Promise<boolean> {
  return store.write(async (tx) => {
    const lease = await meta(tx, "lease");
    if (!lease && navigator.locks) return false;
    if (lease && lease.owner !== owner && Math.abs(Date.now() - lease.beat) < limit) return false;
    await setMeta(tx, "lease", { owner, beat: Date.now() });
    return true;
  });
}

async function release(tx: Writing, owner: string): Promise<void> {
  if ((await meta(tx, "lease"))?.owner === owner) await tx.objectStore("meta").delete("lease");
}
