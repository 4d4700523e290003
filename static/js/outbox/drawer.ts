// A second copy of what lies in the outbox, in a drawer of its own: other files on the disk than the database's. Chromium, killed
// while it writes, goes on behind the half record, cannot read it the next time, and throws the whole database away.

import { type IDBPDatabase, unwrap, wrap } from "idb";
import type { Written } from "./messages";
import { Late, within } from "./store";

const COPIES = "copies";
const PATIENCE_MS = 1_000;
const READING_MS = 5_000;

/** Under the number that `device` gave it. What has none any more stands below 1, what has none yet behind the rest. */
export interface Filed {
  seq: number | string;
  device: string;
  written: Written;
}

/** Nothing of it throws: it is only the second copy. */
export interface Drawer {
  /** Once the first copy is on the disk, and whoever waited for that has been told. */
  file(one: Filed, done: Promise<void>): void;
  /** What waits beside the database while that does not open, in order; false when it could not be filed. */
  fileLate(all: Written[]): Promise<boolean>;
  /** These have gone: the server has done them. */
  drop(keys: Filed["seq"][]): void;
  /** How many there are, -1 when one of them has no number; null where there is no drawer, as in most browsers. */
  count(): Promise<number | null>;
  /** In the order of their numbers; null when they cannot be read now. */
  all(): Promise<Filed[] | null>;
  /** In the place of everything that was there. */
  refill(all: Filed[]): Promise<void>;
}

export function drawerOf(personId: string): Drawer {
  let opening = open();

  function open(): Promise<IDBPDatabase | null> {
    return within(PATIENCE_MS, opened(personId)).catch(() => null);
  }

  /** Resolves when it is done, or cannot be: a drawer that does not answer is left alone. */
  async function change(deed: (copies: IDBObjectStore) => void): Promise<boolean> {
    const db = await opening;
    if (!db) return false;
    try {
      const tx = unwrap(db).transaction(COPIES, "readwrite", { durability: "strict" });
      deed(tx.objectStore(COPIES));
      await within(PATIENCE_MS, wrap(tx).done);
      return true;
    } catch (error) {
      opening = error instanceof Late ? Promise.resolve(null) : open();
      return false;
    }
  }

  return {
    file(one, done) {
      done.then(() => setTimeout(() => change((copies) => copies.put(one)))).catch(() => {});
    },
    async fileLate(all) {
      opening = opening.then((db) => db ?? open()); // there may be room for it by now
      return change((copies) => {
        copies.delete(IDBKeyRange.bound("late-", "late.")); // they are all here, or have their numbers
        for (const [place, written] of all.entries()) {
          copies.put({ seq: `late-${String(place).padStart(6, "0")}`, device: "", written });
        }
      });
    },
    drop(keys) {
      void change((copies) => {
        for (const [from, to] of runs(keys)) copies.delete(IDBKeyRange.bound(from, to));
      });
    },
    count: async () =>
      (await within(PATIENCE_MS, opening.then(numbered)).catch(() => null)) ?? null,
    all: async () => {
      const reading = opening.then((db) => db?.getAll(COPIES) ?? []);
      return within(READING_MS, reading).catch(() => null);
    },
    async refill(all) {
      await change((copies) => {
        copies.clear();
        for (const one of all) copies.put(one);
      });
    },
  };
}

async function numbered(db: IDBPDatabase | null): Promise<number | undefined> {
  const keys = await db?.getAllKeys(COPIES);
  return keys?.every((key) => typeof key === "number") ? keys.length : keys && -1;
}

/** First and last of those that follow each other. */
function runs<T extends Filed["seq"]>(numbers: T[]): [T, T][] {
  const found: [T, T][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && typeof number === "number" && number === Number(last[1]) + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}

/** All that is in it; throws Late when another page does not let go. */
export async function deleteDrawer(personId: string): Promise<void> {
  const factory = (await bucket())?.indexedDB;
  if (!factory) return;
  const asked = factory.deleteDatabase(nameOf(personId));
  await within(READING_MS, wrap(asked as IDBOpenDBRequest));
}

interface Buckets {
  open(name: string, how: { persisted: boolean }): Promise<{ indexedDB: IDBFactory }>;
}

async function bucket(): Promise<{ indexedDB: IDBFactory } | undefined> {
  const { storageBuckets } = navigator as Navigator & { storageBuckets?: Buckets };
  return storageBuckets?.open("roadbook", { persisted: true });
}

function nameOf(personId: string): string {
  return `roadbook-${personId}`;
}

async function opened(personId: string): Promise<IDBPDatabase | null> {
  const place = await bucket();
  if (!place) return null;
  const asked = place.indexedDB.open(nameOf(personId), 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(COPIES, { keyPath: "seq" });
  const db = await wrap(asked);
  db?.addEventListener("versionchange", () => db.close()); // it is about to be deleted
  return db ?? null;
}
