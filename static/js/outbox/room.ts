// Whether there is room for what a person writes. A ballast is kept, to be given up for it.

import { isFull } from "./connection";
import type { Room } from "./messages";
import { deviceOf } from "./queue";
import { type Store, setMeta } from "./store";

const BALLAST = 2 * 1_024 * 1_024;
const LITTLE = 10 * 1_024 * 1_024;
const PIECE = 65_536; // what getRandomValues gives at most

export interface Measure {
  /** As it was measured last, or as a save has found it since. */
  readonly room: Room;
  measure(): Promise<void>;
  tried(error?: unknown): void;
}

export function measureOf(store: Store): Measure {
  let room: Room = "ok";
  return {
    get room() {
      return room;
    },
    async measure() {
      if (await isPlenty(store)) room = "ok";
      else if (room === "ok") room = "low";
    },
    tried(error) {
      if (isFull(error) || isDiskFull(error)) room = "none";
      else if (!error && room === "none") room = "low";
    },
  };
}

/** Not the browser's limit, but the phone's: no browser has a name of its own for it. */
function isDiskFull(error: unknown): boolean {
  return error instanceof DOMException && /no.?space/i.test(error.message);
}

/** Some browsers estimate, others say the same whatever is left: that the ballast fits is the better sign. */
async function isPlenty(store: Store): Promise<boolean> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota !== undefined && quota - usage < LITTLE) return false;
  try {
    await store.write(async (tx) => {
      const ballast = await tx.objectStore("meta").getKey("ballast");
      const unused = (await deviceOf(tx)).seq === 0;
      if (ballast === undefined && !unused) await setMeta(tx, "ballast", heavy());
    });
    return true;
  } catch (error) {
    return !isFull(error);
  }
}

/** Of chance, because zeros would be pressed into nothing. */
function heavy(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BALLAST);
  for (let at = 0; at < BALLAST; at += PIECE) {
    crypto.getRandomValues(bytes.subarray(at, at + PIECE));
  }
  return bytes;
}
