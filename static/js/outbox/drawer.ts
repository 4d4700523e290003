// A second copy of what lies in the outbox, in a drawer of its own: other files on the disk than the database's. Chromium, killed
// while it writes, goes on behind the half record, cannot read it the next time, and throws the whole database away.

import { type IDBPDatabase, unwrap, wrap } from "idb";
import type { Written } from "./messages";
import { within } from "./store";

const COPIES = "copies";
const PATIENCE_MS = 1_000;
const READING_MS = 5_000;

/** Under the number that `device` gave it. What has none any more stands below 1, what has none yet behind the rest. */
export interface Filed {
  seq: number | string;
  device: string;
  written: Written;
}

const LATE = "late-"; // what waits beside the database stands under its place

export function isLate(seq: Filed["seq"]): boolean {
  return String(seq).startsWith(LATE);
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
  /** It did not answer once, and has been left alone since: some are missing in it. */
  isBehind(): boolean;
  /** In use again, with what `change` makes of all that is in it; false when it still does not answer. */
  catchUp(change: (all: Filed[]) => Promise<Change>): Promise<boolean>;
}

export interface Change {
  put: Filed[];
  drop: Filed["seq"][];
}

export function drawerOf(personId: string): Drawer {
  let behind = false;
  /** Something was not done since somebody began to catch up. */
  let missed = false;
  let opening = open();

  function open(): Promise<IDBPDatabase | null> {
    return openIn(PATIENCE_MS, personId).catch(leave);
  }

  /** Nothing is put in or taken out before it has caught up: a number may be another one's by then. */
  function leave(): null {
    behind = true;
    give(null);
    return null;
  }

  function give(db: IDBPDatabase | null): void {
    void opening.then((before) => before?.close());
    opening = Promise.resolve(db);
  }

  /** Resolves when it is done, or cannot be: a drawer that does not answer is left alone for a while. */
  async function change(deed: Deed): Promise<boolean> {
    const db = await opening;
    const done = db !== null && (await changed(db, deed, PATIENCE_MS).catch(leave)) !== null;
    missed ||= !done;
    return done;
  }

  /** Null when there is none, or when it does not answer. */
  async function read<T>(limit: number, look: (db: IDBPDatabase) => Promise<T>): Promise<T | null> {
    const db = await opening;
    return db && within(limit, look(db)).catch(leave);
  }

  return {
    file(one, done) {
      done.then(() => setTimeout(() => change((copies) => copies.put(one)))).catch(() => {});
    },
    async fileLate(all) {
      opening = opening.then((db) => db ?? open()); // there may be room for it by now
      return change((copies) => {
        copies.delete(IDBKeyRange.bound(LATE, `${LATE}\uffff`)); // they are all here, or have their numbers
        for (const [place, written] of all.entries()) {
          copies.put({ seq: `${LATE}${String(place).padStart(6, "0")}`, device: "", written });
        }
      });
    },
    drop(keys) {
      void change((copies) => {
        for (const [from, to] of runs(keys)) copies.delete(IDBKeyRange.bound(from, to));
      });
    },
    count: () => read(PATIENCE_MS, numbered),
    all: () => read(READING_MS, (db) => db.getAll(COPIES)),
    async refill(all) {
      await change((copies) => {
        copies.clear();
        for (const one of all) copies.put(one);
      });
    },
    isBehind: () => behind,
    async catchUp(change) {
      const db = await openIn(READING_MS, personId).catch(() => null);
      if (!db) return false;
      try {
        do {
          missed = false;
          const { put, drop } = await change(await within(READING_MS, db.getAll(COPIES)));
          await changed(db, (copies) => replace(copies, drop, put), READING_MS);
        } while (missed);
      } catch {
        db.close();
        return false;
      }
      give(db);
      behind = false;
      return true;
    },
  };
}

function replace(copies: IDBObjectStore, old: Filed["seq"][], all: Filed[]): void {
  for (const key of old) copies.delete(key);
  for (const one of all) copies.put(one);
}

async function numbered(db: IDBPDatabase): Promise<number> {
  const keys = await db.getAllKeys(COPIES);
  return keys.every((key) => typeof key === "number") ? keys.length : -1;
}

type Deed = (copies: IDBObjectStore) => void;

/** Resolves when it is on the disk. */
async function changed(db: IDBPDatabase, deed: Deed, limit: number): Promise<void> {
  const tx = unwrap(db).transaction(COPIES, "readwrite", { durability: "strict" });
  deed(tx.objectStore(COPIES));
  return within(limit, wrap(tx).done);
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

/** Throws Late; then it is closed as soon as it opens. */
async function openIn(limit: number, personId: string): Promise<IDBPDatabase | null> {
  const opening = opened(personId);
  return within(limit, opening).catch((error) => {
    opening.then((late) => late?.close()).catch(() => {});
    throw error;
  });
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
