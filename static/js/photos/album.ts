// Pictures on this phone until the server holds them: a database of their own, so that none of them is ever in the way of a word.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

const MOST_BYTES = 200_000_000;
const SHARE = 0.5; // of what the browser gives at most

/** there: whole at the server, and not yet named by anything it has done. */
export type State = "waiting" | "there" | "refused";

/** `sha256` is its name; `at` when it was taken. Not a Blob: one browser loses those. */
export interface Picture {
  sha256: string;
  bytes: ArrayBuffer;
  size: number;
  type: string;
  at: number;
  state: State;
  /** Why it was refused, in the person's language. */
  reason: string;
  /** How many bytes the server had when it was last asked. */
  sent: number;
}

interface Schema extends DBSchema {
  pictures: { key: string; value: Picture; indexes: { at: number } };
}

export interface Album {
  /** Throws QuotaExceededError when there is no room. */
  put(picture: Picture): Promise<void>;
  get(sha256: string): Promise<Picture | undefined>;
  /** In the order in which they were taken. */
  all(): Promise<Picture[]>;
  change(sha256: string, now: Partial<Picture>): Promise<void>;
  drop(sha256: string): Promise<void>;
}

export function albumName(personId: string): string {
  return `photos-${personId}`;
}

export function albumOf(personId: string): Album {
  let opening: Promise<IDBPDatabase<Schema>> | undefined;

  function open(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      opening = undefined;
    };
    opening ??= openDB<Schema>(albumName(personId), 1, {
      upgrade(db) {
        db.createObjectStore("pictures", { keyPath: "sha256" }).createIndex("at", "at");
      },
      blocking(_now, _wanted, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
    opening.catch(forget);
    return opening;
  }

  const all = async () => (await open()).getAllFromIndex("pictures", "at");
  return {
    all,
    async put(picture) {
      await makeSure((await all()).reduce((sum, { size }) => sum + size, picture.size));
      const tx = (await open()).transaction("pictures", "readwrite", { durability: "strict" });
      await Promise.all([tx.store.put(picture), tx.done]);
    },
    get: async (sha256) => (await open()).get("pictures", sha256),
    async change(sha256, now) {
      const tx = (await open()).transaction("pictures", "readwrite");
      const before = await tx.store.get(sha256);
      if (before) await tx.store.put({ ...before, ...now });
      await tx.done;
    },
    drop: async (sha256) => (await open()).delete("pictures", sha256),
  };
}

/** Never so much that words find no room. */
async function makeSure(bytes: number): Promise<void> {
  const { quota = Number.POSITIVE_INFINITY } = (await navigator.storage?.estimate()) ?? {};
  if (bytes <= Math.min(MOST_BYTES, quota * SHARE)) return;
  throw new DOMException("The pictures take their share already.", "QuotaExceededError");
}
