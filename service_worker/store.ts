// The pack on the disk: pages and what can be searched for, twice, so that a new pack takes the place of the old one in one step.

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Row } from "./find";

export type Half = "a" | "b";

/** `g` names what the page belongs to and goes with; `d` the only day that it is for; `m` are its marks, {so}, to be filled. */
export interface Page {
  h: string;
  b: string;
  g: string;
  d: string;
  m?: string[];
}

export interface Filling {
  half: Half;
  version: string;
  asOf: number;
  cursor: string;
  got: number;
  ready: boolean;
}

/** How things stand. `live` is shown; what it lacks, as long as it is being filled, is looked for in the other. */
export interface Standing {
  live: Half;
  /** The version of what is live; "" while it is not complete. */
  version: string;
  /** A half that is being filled: its version, and how far it has come. */
  filling: Filling | null;
  /** When what was confirmed last had been asked for, in milliseconds of this phone's clock. */
  asOf: number;
}

interface Schema extends DBSchema {
  standing: { key: "now"; value: Standing };
  "pages-a": { key: string; value: Page; indexes: { g: string; d: string } };
  "pages-b": { key: string; value: Page; indexes: { g: string; d: string } };
  "rows-a": { key: string; value: Row };
  "rows-b": { key: string; value: Row };
}

export type Pack = IDBPDatabase<Schema>;
export type Writing = IDBPTransaction<Schema, StoreNames, "readwrite">;
type StoreNames = ("standing" | `pages-${Half}` | `rows-${Half}`)[];

const STORES: StoreNames = ["standing", "pages-a", "pages-b", "rows-a", "rows-b"];

export const NOTHING: Standing = { live: "a", version: "", filling: null, asOf: 0 };

const open = new Map<string, Promise<Pack>>();

/** Not the outbox's: whatever happens to a pack, nothing that a person wrote goes with it. */
export function packOf(person: string): Promise<Pack> {
  const forget = () => void open.delete(person);
  const found =
    open.get(person) ??
    openDB<Schema>(`pack-${person}`, 1, {
      upgrade(db) {
        db.createObjectStore("standing");
        for (const half of ["a", "b"] as const) {
          const pages = db.createObjectStore(`pages-${half}`);
          pages.createIndex("g", "g");
          pages.createIndex("d", "d");
          db.createObjectStore(`rows-${half}`);
        }
      },
      blocking(_current, _wanted, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
  open.set(person, found);
  found.catch(forget);
  return found;
}

export async function standing(pack: Pack): Promise<Standing> {
  return (await pack.get("standing", "now")) ?? NOTHING;
}

/** All in one: what it does is there afterwards, or none of it. */
export async function change<T>(pack: Pack, deed: (tx: Writing) => Promise<T>): Promise<T> {
  const tx = pack.transaction(STORES, "readwrite", { durability: "relaxed" });
  tx.done.catch(() => {});
  try {
    const done = await deed(tx);
    await tx.done;
    return done;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended by itself.
    }
    throw error;
  }
}

export function key(url: string, day = ""): string {
  return `${url}\n${day}`;
}

/** The page as it is on that day, from what is live, else from what was before it. */
export async function find(pack: Pack, url: string, day: string): Promise<[Page, Standing] | null> {
  // One transaction: each costs more than what is asked in it.
  const tx = pack.transaction(["standing", "pages-a", "pages-b"]);
  const now = (await tx.objectStore("standing").get("now")) ?? NOTHING;
  if (!now.version && !now.filling?.ready) return null; // the first one has not come far enough
  const halves = now.filling?.ready ? [now.live, other(now.live)] : [now.live];
  const names = day ? [key(url, day), key(url)] : [key(url)];
  const asked = halves.flatMap((half) =>
    names.map((name) => tx.objectStore(`pages-${half}`).get(name)),
  );
  const page = (await Promise.all(asked)).find(Boolean);
  return page ? [page, now] : null;
}

export function other(half: Half): Half {
  return half === "a" ? "b" : "a";
}
