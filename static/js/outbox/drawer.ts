// A second copy of what lies in the outbox, in a drawer of its own: other files on the disk than the database's. Chromium, killed
// while it writes, goes on behind the half record, cannot read it the next time, and throws the whole database away.

import { type IDBPDatabase, unwrap, wrap } from "idb";
import type { Written } from "./messages";
import { within } from "./store";

const COPIES = "copies";
const PATIENCE_MS = 1_000;

/** Under the number that it was given by `device`; what has none any more stands below 1, before the rest. */
export interface Filed {
  seq: number;
  device: string;
  written: Written;
}

/** Nothing of it throws: it is only the second copy. */
export interface Drawer {
  /** Taken out again when the transaction that it is the copy of does not get `done`. */
  file(one: Filed, done: Promise<void>): void;
  /** These have gone: the server has done them. */
  drop(numbers: number[]): void;
  /** How many there are; null where there is no drawer, as in most browsers. */
  count(): Promise<number | null>;
  /** In the order of their numbers. */
  all(): Promise<Filed[]>;
  /** In the place of everything that was there. */
  refill(all: Filed[]): Promise<void>;
}

export function drawerOf(personId: string): Drawer {
  const opening = within(PATIENCE_MS, opened(personId)).catch(() => null);

  async function change(deed: (copies: IDBObjectStore) => void): Promise<void> {
    const db = await opening;
    const tx = db && unwrap(db).transaction(COPIES, "readwrite", { durability: "strict" });
    if (tx) deed(tx.objectStore(COPIES));
  }

  return {
    file(one, done) {
      // Not before the first copy is on its way: somebody waits for that one.
      setTimeout(() => change((copies) => copies.put(one)).catch(() => {}));
      done.catch(() => change((copies) => copies.delete(one.seq))).catch(() => {});
    },
    drop(numbers) {
      void change((copies) => {
        for (const [from, to] of runs(numbers)) copies.delete(IDBKeyRange.bound(from, to));
      }).catch(() => {});
    },
    count: async () => (await opening)?.count(COPIES).catch(() => null) ?? null,
    all: async () => (await opening)?.getAll(COPIES).catch(() => []) ?? [],
    refill: (all) =>
      change((copies) => {
        copies.clear();
        for (const one of all) copies.put(one);
      }).catch(() => {}),
  };
}

/** First and last of numbers that follow each other. */
function runs(numbers: number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}

interface Buckets {
  open(name: string, how: { persisted: boolean }): Promise<{ indexedDB: IDBFactory }>;
}

async function opened(personId: string): Promise<IDBPDatabase | null> {
  const { storageBuckets } = navigator as Navigator & { storageBuckets?: Buckets };
  const bucket = await storageBuckets?.open("roadbook", { persisted: true });
  if (!bucket) return null;
  const asked = bucket.indexedDB.open(`roadbook-${personId}`, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(COPIES, { keyPath: "seq" });
  return (await wrap(asked)) ?? null;
}
