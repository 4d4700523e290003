// The only file that names IndexedDB: one database a person, opened again when it closes behind our back.

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import { newId } from "./ids";
import type { Draft, Entry, Receipt } from "./messages";

const SCHEMA = 1;
const STORES = ["meta", "outbox", "results", "drafts"] as const;
const OPEN_MS = 3_000;
const WORK_MS = 5_000;
const DOUBT_MS = 10_000;
const NO_ANSWER = "The phone's storage does not answer.";
const LOST = ["AbortError", "InvalidStateError", "UnknownError"];

/** `seq` and `sha` are the last given; `acked` the last that the server has counted. */
export interface Device {
  id: string;
  seq: number;
  sha: string;
  acked: { seq: number; sha: string };
}

interface Meta {
  device: Device;
  /** Times of this phone's clock in milliseconds; `offset` is the server's clock minus ours. */
  server: { heard: number; offset: number };
  rest: { from: number; until: number };
  lease: { owner: string; beat: number };
}

interface Schema extends DBSchema {
  meta: { key: string; value: Meta[keyof Meta] };
  outbox: { key: string; value: Entry; indexes: { seq: number; state: string } };
  results: { key: string; value: Receipt };
  drafts: { key: string; value: Draft };
  media: { key: string; value: unknown };
  chunks: { key: [string, number]; value: unknown };
}

type Mode = "readonly" | "readwrite";
export type Tx<M extends Mode = Mode> = IDBPTransaction<Schema, typeof STORES, M>;
export type Writing = Tx<"readwrite">;
type Deed<M extends Mode, T> = (tx: Tx<M>) => Promise<T>;

export interface Store {
  read<T>(deed: Deed<"readonly", T>): Promise<T>;
  /** Resolves when it is on the disk. A deed may run twice: it must find what it did the first time. */
  write<T>(deed: Deed<"readwrite", T>): Promise<T>;
}

export async function meta<K extends keyof Meta>(tx: Tx, key: K): Promise<Meta[K] | undefined> {
  return (await tx.objectStore("meta").get(key)) as Meta[K] | undefined;
}

export async function setMeta<K extends keyof Meta>(tx: Writing, key: K, value: Meta[K]) {
  await tx.objectStore("meta").put(value, key);
}

/** Of the rows whose key is `start` or begins with it. */
export function beginningWith(start: string): IDBKeyRange {
  return IDBKeyRange.bound(start, `${start}\uffff`);
}

export function storeOf(personId: string): Store {
  let connection: Promise<IDBPDatabase<Schema>> | undefined;
  let doubtful = 0;

  function forget(): void {
    connection = undefined;
  }

  async function connect(): Promise<IDBPDatabase<Schema>> {
    const opening = open(`roadbook-${personId}`, forget);
    try {
      return await within(OPEN_MS, opening);
    } catch (error) {
      forget();
      doubtful = performance.now() + DOUBT_MS;
      opening.then((late) => late.close()).catch(() => {});
      throw error;
    }
  }

  async function attempt<M extends Mode, T>(mode: M, deed: Deed<M, T>): Promise<T> {
    if (!connection && performance.now() < doubtful) throw new Late(NO_ANSWER);
    connection ??= connect();
    const db = await connection;
    return within(WORK_MS, perform(db, mode, deed)).catch((error) => {
      if (error instanceof Late) forget();
      throw error;
    });
  }

  async function run<M extends Mode, T>(mode: M, deed: Deed<M, T>): Promise<T> {
    try {
      return await attempt(mode, deed);
    } catch (error) {
      if (!(error instanceof DOMException) || !LOST.includes(error.name)) throw error;
      forget();
      return await attempt(mode, deed);
    }
  }

  return { read: (deed) => run("readonly", deed), write: (deed) => run("readwrite", deed) };
}

function open(name: string, forget: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, SCHEMA, {
    upgrade(db) {
      // The device is born in the database that it numbers: a second, empty copy is another device.
      const born: Device = { id: newId(), seq: 0, sha: "", acked: { seq: 0, sha: "" } };
      db.createObjectStore("meta").put(born, "device");
      const outbox = db.createObjectStore("outbox", { keyPath: "id" });
      outbox.createIndex("seq", "seq");
      outbox.createIndex("state", "state");
      db.createObjectStore("results", { keyPath: "id" });
      db.createObjectStore("drafts", { keyPath: "slot" });
      db.createObjectStore("media", { keyPath: "sha256" });
      db.createObjectStore("chunks");
    },
    blocking(_current, _wanted, event) {
      forget();
      (event.target as IDBDatabase).close();
    },
    terminated: forget,
  });
}

async function perform<M extends Mode, T>(
  db: IDBPDatabase<Schema>,
  mode: M,
  deed: Deed<M, T>,
): Promise<T> {
  const tx = db.transaction(STORES, mode, { durability: "strict" });
  tx.done.catch(() => {});
  try {
    const done = await deed(tx);
    await tx.done;
    return done;
  } catch (error) {
    abandon(tx);
    throw error;
  }
}

function abandon(tx: Tx): void {
  try {
    tx.abort();
  } catch {
    // It has ended by itself.
  }
}

class Late extends Error {}

function within<T>(limit: number, work: Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    const bell = setTimeout(() => fail(new Late(NO_ANSWER)), limit);
    work.then(done, fail).finally(() => clearTimeout(bell));
  });
}
