// Pictures on this phone until the server holds them: a database of their own, so that none of them is ever in the way of a word.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

const MOST_BYTES = 200_000_000;
const SHARE = 0.5; // of what the browser gives at most

/** there: whole at the server, and not yet named by anything it has done. */
export type State = "waiting" | "there" | "refused";

/** `sha256` is its name; `at` when it was taken. */
export interface Picture {
  sha256: string;
  size: number;
  type: string;
  at: number;
  state: State;
  /** Why it was refused, in the person's language. */
  reason: string;
  /** How many bytes the server had when it was last asked. */
  sent: number;
}

/** The bytes stand apart, and are no Blobs: one browser loses those, and dies of reading them by an index. */
interface Schema extends DBSchema {
  pictures: { key: string; value: Picture };
  bytes: { key: string; value: ArrayBuffer };
}

const STORES: ("pictures" | "bytes")[] = ["pictures", "bytes"];

export interface Album {
  /** Throws QuotaExceededError when there is no room. */
  put(picture: Picture, bytes: ArrayBuffer): Promise<void>;
  get(sha256: string): Promise<Picture | undefined>;
  bytesOf(sha256: string): Promise<ArrayBuffer | undefined>;
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
        db.createObjectStore("pictures", { keyPath: "sha256" });
        db.createObjectStore("bytes");
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

  /** Looking into it makes none: what was wiped stays wiped. */
  async function look(): Promise<IDBPDatabase<Schema> | null> {
    if (opening || !indexedDB.databases) return open();
    const names = await indexedDB.databases();
    return names.some(({ name }) => name === albumName(personId)) ? open() : null;
  }

  async function all(): Promise<Picture[]> {
    const pictures = (await (await look())?.getAll("pictures")) ?? [];
    return pictures.sort((one, other) => one.at - other.at);
  }

  return {
    all,
    async put(picture, bytes) {
      await makeSure((await all()).reduce((sum, { size }) => sum + size, picture.size));
      const tx = (await open()).transaction(STORES, "readwrite", { durability: "strict" });
      const [pictures, contents] = [tx.objectStore("pictures"), tx.objectStore("bytes")];
      const { sha256 } = picture;
      await Promise.all([pictures.put(picture), contents.put(bytes, sha256), tx.done]);
    },
    bytesOf: async (sha256) => (await look())?.get("bytes", sha256),
    get: async (sha256) => (await look())?.get("pictures", sha256),
    async change(sha256, now) {
      const tx = (await open()).transaction("pictures", "readwrite");
      const before = await tx.store.get(sha256);
      if (before) await tx.store.put({ ...before, ...now });
      await tx.done;
    },
    async drop(sha256) {
      const tx = (await open()).transaction(STORES, "readwrite");
      await tx.objectStore("pictures").delete(sha256);
      await tx.objectStore("bytes").delete(sha256);
      await tx.done;
    },
  };
}

/** Never so much that words find no room. */
async function makeSure(bytes: number): Promise<void> {
  const { quota = Number.POSITIVE_INFINITY } = (await navigator.storage?.estimate()) ?? {};
  if (bytes <= Math.min(MOST_BYTES, quota * SHARE)) return;
  throw new DOMException("The pictures take their share already.", "QuotaExceededError");
}
