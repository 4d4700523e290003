// One database a person, opened again when it closes behind our back. Only drawer.ts and databases.ts name IndexedDB beside this.

import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type OpenDBCallbacks,
  openDB,
} from "idb";
import { newId } from "./ids";
import type { Draft, Entry, Receipt, Written } from "./messages";
import type { Checked } from "./receipt";

const SCHEMA = 1;
export const STORES = ["meta", "outbox", "results", "drafts"] as const;
export const OPEN_MS = 3_000;
export const WORK_MS = 5_000;
export const NO_ANSWER = "The phone's storage does not answer.";

/** What every version adds to the one before; nothing is ever taken away, so that old pages can use it, too. */
const SHAPE: Record<string, { keyPath?: string; indexes?: string[] }> = {
  meta: {},
  outbox: { keyPath: "id", indexes: ["seq", "state"] },
  results: { keyPath: "id" },
  drafts: { keyPath: "slot" },
  media: { keyPath: "sha256" },
  chunks: {},
};

/** `seq` and `sha` are the last given; `acked` the last that the server has counted. */
export interface Device {
  id: string;
  seq: number;
  sha: string;
  acked: { seq: number; sha: string };
  /** The browser said that it had thrown a damaged database away. */
  afterDamage?: boolean;
}

interface Meta {
  device: Device;
  /** Times of this phone's clock in milliseconds; `offset` is the server's clock minus ours. */
  server: { heard: number; offset: number; taken?: number };
  rest: { from: number; until: number };
  lease: { owner: string; beat: number };
  /** Given up when there is no room for what a person wrote. */
  ballast: Uint8Array<ArrayBuffer>;
  /** What the server gave to this device, in hex: it proves whose a file is. */
  secret: string;
  checked: Checked;
  /** What has no number yet. */
  [jot: `jot-${string}`]: Written;
}

export interface Schema extends DBSchema {
  meta: { key: string; value: Meta[keyof Meta] };
  outbox: { key: string; value: Entry; indexes: { seq: number; state: string } };
  results: { key: string; value: Receipt };
  drafts: { key: string; value: Draft };
  media: { key: string; value: unknown };
  chunks: { key: [string, number]; value: unknown };
}

export type Database = IDBPDatabase<Schema>;
type Changing = IDBPTransaction<unknown, string[], "versionchange">;
export type Mode = "readonly" | "readwrite";
export type Tx<M extends Mode = Mode> = IDBPTransaction<Schema, typeof STORES, M>;
export type Writing = Tx<"readwrite">;
export type Deed<M extends Mode, T> = (tx: Tx<M>) => Promise<T>;

export interface Store {
  read<T>(deed: Deed<"readonly", T>): Promise<T>;
  /** Resolves when it is on the disk. A deed may run twice: it must find what it did the first time. */
  write<T>(deed: Deed<"readwrite", T>): Promise<T>;
  /** The next deed opens the database again. */
  anew(): void;
  /** No deed opens it again. */
  end(): void;
}

/** What is in a database that was opened is not an outbox. */
export class NotOurs extends Error {}

export async function meta<K extends keyof Meta>(tx: Tx, key: K): Promise<Meta[K] | undefined> {
  return (await tx.objectStore("meta").get(key)) as Meta[K] | undefined;
}

export async function setMeta<K extends keyof Meta>(tx: Writing, key: K, value: Meta[K]) {
  await tx.objectStore("meta").put(value, key);
}

export function jotted(): IDBKeyRange {
  return beginningWith("jot-");
}

/** What was written down and has no number yet, in order. */
export async function jotsOf(tx: Tx): Promise<Written[]> {
  return (await tx.objectStore("meta").getAll(jotted())) as Written[];
}

export function above(number: number): IDBKeyRange {
  return IDBKeyRange.lowerBound(number, true);
}

/** Of the rows whose key is `start` or begins with it. */
export function beginningWith(start: string): IDBKeyRange {
  return IDBKeyRange.bound(start, `${start}\uffff`);
}

/** One that is open; it does not open itself again. */
export function storeIn(db: Database): Store {
  return {
    read: (deed) => perform(db, "readonly", deed),
    write: (deed) => perform(db, "readwrite", deed),
    anew() {},
    end() {},
  };
}

export interface Events {
  /** It was not there before. */
  born(): void;
  /** The connection has ended. */
  ended(): void;
}

/** Throws Late after three seconds. */
export async function open(name: string, tell: Events): Promise<Database> {
  const opening = opened(name, tell);
  return within(OPEN_MS, opening).catch((error) => {
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  });
}

async function opened(name: string, { born, ended }: Events): Promise<Database> {
  const how: OpenDBCallbacks<Schema> = {
    blocking(_current, _wanted, event) {
      ended();
      (event.target as IDBDatabase).close();
    },
    terminated: ended,
  };
  const upgrade: NonNullable<OpenDBCallbacks<Schema>["upgrade"]> = (...change) => {
    grow(...change);
    if (!change[1]) born();
  };
  const db = await openDB<Schema>(name, SCHEMA, { ...how, upgrade }).catch((error) => {
    // A newer page has been here: what it added does not concern this one.
    if (error.name === "VersionError") return openDB<Schema>(name, undefined, how);
    throw error;
  });
  if (STORES.every((one) => db.objectStoreNames.contains(one))) return db;
  db.close();
  throw new NotOurs("This is not an outbox.");
}

const grow: NonNullable<OpenDBCallbacks<Schema>["upgrade"]> = (db, from, _to, tx, event) => {
  const [here, changing] = [db as unknown as IDBPDatabase, tx as unknown as Changing];
  for (const [name, { keyPath, indexes = [] }] of Object.entries(SHAPE)) {
    const store = here.objectStoreNames.contains(name)
      ? changing.objectStore(name)
      : here.createObjectStore(name, keyPath ? { keyPath } : {});
    for (const index of indexes) {
      if (!store.indexNames.contains(index)) store.createIndex(index, index);
    }
  }
  if (from) return;
  // The device is born in the database that it numbers: a second, empty copy is another device.
  const born: Device = { id: newId(), seq: 0, sha: "", acked: { seq: 0, sha: "" } };
  const afterDamage = (event as IDBVersionChangeEvent & { dataLoss?: string }).dataLoss === "total";
  void tx.objectStore("meta").put({ ...born, afterDamage }, "device");
};

export async function giveUpBallast(tx: Writing): Promise<void> {
  await tx.objectStore("meta").delete("ballast");
}

export interface Contents {
  entries: Entry[];
  jots: Written[];
  results: Receipt[];
  drafts: Draft[];
}

/** Throws Late after five seconds. */
export function perform<M extends Mode, T>(db: Database, mode: M, deed: Deed<M, T>): Promise<T> {
  return within(WORK_MS, performed(db, mode, deed));
}

export async function performed<M extends Mode, T>(
  db: Database,
  mode: M,
  deed: Deed<M, T>,
): Promise<T> {
  const tx = db.transaction(STORES, mode, { durability: "strict" });
  tx.done.catch(() => {});
  try {
    const done = await deed(tx);
    commit(tx);
    await tx.done;
    return done;
  } catch (error) {
    abandon(tx);
    throw error;
  }
}

/** Not waiting for what was asked last: the answers would only be thrown away. */
function commit(tx: Tx): void {
  try {
    tx.commit();
  } catch {
    // It has ended by itself, or the browser cannot.
  }
}

function abandon(tx: Tx): void {
  try {
    tx.abort();
  } catch {
    // It has ended by itself.
  }
}

/** The phone's storage did not answer in time. */
export class Late extends Error {}

export function within<T>(limit: number, work: Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    const bell = setTimeout(() => fail(new Late(NO_ANSWER)), limit);
    work.then(done, fail).finally(() => clearTimeout(bell));
  });
}
