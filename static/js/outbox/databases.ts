// Databases that nobody works in here: given up, somebody else's, to be deleted.

import { deleteDB, openDB } from "idb";
import type { Written } from "./messages";
import {
  type Contents,
  type Database,
  jotsOf,
  jotted,
  meta,
  OPEN_MS,
  performed,
  type Schema,
  STORES,
  type Tx,
  WORK_MS,
  within,
} from "./store";

/** Everything in a database that was given up; throws while it does not open. */
export async function contentsOfDatabase(name: string): Promise<Contents> {
  return looking(name, async (db) => {
    const all = async <N extends "outbox" | "results" | "drafts">(store: N) =>
      db.objectStoreNames.contains(store) ? db.getAll(store) : [];
    const [entries, results, drafts] = [
      await all("outbox"),
      await all("results"),
      await all("drafts"),
    ];
    const jots = db.objectStoreNames.contains("meta") ? await db.getAll("meta", jotted()) : [];
    return { entries, jots: jots as Written[], results, drafts };
  });
}

/** The names of all databases of this app, where the browser tells. */
export async function allDatabases(): Promise<string[] | null> {
  if (!indexedDB.databases) return null;
  const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
  return names.filter((name) => name.startsWith("roadbook-"));
}

/** How many wait in somebody else's: counted, not read. */
export function countWaiting(name: string): Promise<number> {
  return looking(name, async (db) => {
    if (!STORES.every((one) => db.objectStoreNames.contains(one))) return 0;
    return (await db.countFromIndex("outbox", "seq")) + (await db.count("meta", jotted()));
  });
}

/** What proves somebody else's to be that device, and how many wait in it. */
export function proofIn(name: string): Promise<{ device: string; proof: string; waiting: number }> {
  const told = async (tx: Tx) => {
    const [device, proof] = [await meta(tx, "device"), await meta(tx, "secret")];
    const waiting = await tx.objectStore("outbox").index("seq").count();
    return {
      device: device?.id ?? "",
      proof: proof ?? "",
      waiting: waiting + (await jotsOf(tx)).length,
    };
  };
  return looking(name, (db) => performed(db, "readonly", told));
}

/** Throws Late when another page does not let go of one. */
export async function deleteDatabases(names: string[]): Promise<void> {
  for (const name of names) await within(WORK_MS, deleteDB(name));
}

/** Never creates one. */
async function looking<T>(name: string, look: (db: Database) => Promise<T>): Promise<T> {
  const opening = openDB<Schema>(name, undefined, { upgrade: (_db, _from, _to, tx) => tx.abort() });
  const db = await within(OPEN_MS, opening);
  try {
    return await within(WORK_MS, look(db));
  } finally {
    db.close();
  }
}
