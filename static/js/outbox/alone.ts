// One drainer for all tabs: a Web Lock, and a lease in the database where there is none or its holder sleeps.

import { meta, type Store, setMeta, type Writing } from "./store";

const LEASE_MS = 25_000; // longer than one batch may take
const ASLEEP_MS = 60_000;

const NOTHING = { beat: -1, since: 0 };

/** The last beat of another tab's, and when this one saw it first: clocks may step, so none is asked for the hour. */
let seen = NOTHING;

/** Runs `deed` unless another tab is at it; says whether it ran. */
export async function alone(
  store: Store,
  name: string,
  owner: string,
  deed: () => Promise<void>,
): Promise<boolean> {
  const held = async () => {
    seen = NOTHING;
    await store.write((tx) => beat(tx, owner));
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
  await beat(tx, owner);
  return true;
}

/** Where there are locks, a missing lease means that the lock's holder is about to write it, or asleep. */
function lapsed(store: Store, owner: string, limit: number): Promise<boolean> {
  return store.write(async (tx) => {
    const lease = await meta(tx, "lease");
    const taken = lease ? lease.owner !== owner : navigator.locks !== undefined;
    if (taken && unchanged(lease?.beat ?? 0) < limit) return false;
    await beat(tx, owner);
    return true;
  });
}

/** For how many milliseconds this tab has seen nothing else. */
function unchanged(beat: number): number {
  if (beat !== seen.beat) seen = { beat, since: performance.now() };
  return performance.now() - seen.since;
}

async function beat(tx: Writing, owner: string): Promise<void> {
  await setMeta(tx, "lease", { owner, beat: Math.random() });
}

async function release(tx: Writing, owner: string): Promise<void> {
  if ((await meta(tx, "lease"))?.owner === owner) await tx.objectStore("meta").delete("lease");
}
