// How well this phone keeps what is written on it: part of how things stand.

import { inJournal } from "./journal";
import { noteKnown } from "./known";
import { askToKeep, lasting } from "./lasting";
import { isStuck } from "./line";
import { lossOf, wasRead } from "./loss";
import type { Health, Lasting } from "./messages";
import { deviceOf } from "./queue";
import { measureOf } from "./room";
import { meta, type Store } from "./store";
import { takeOver } from "./takeover";

const SOON_MS = 2_000;
const EVERY_MS = 60_000;

export interface Watch {
  look(): Promise<Health>;
  /** After something was kept, or could not be. */
  tried(error?: unknown): void;
  /** The server was reached: what its clock said. */
  reached(time: number): void;
  wasRead(): void;
}

export function watch(store: Store, personId: string, changed: () => void): Watch {
  const measure = measureOf(store);
  let storage: Lasting = "kept";
  let device = "";
  let reachedAt = 0;

  async function begin(): Promise<void> {
    storage = await lasting(store);
    await takeOver(store, personId);
    changed();
  }

  async function size(): Promise<void> {
    const { room } = measure;
    await measure.measure();
    if (measure.room !== room) changed();
  }

  async function look(): Promise<Health> {
    const journal = inJournal(personId);
    const found = await store
      .read(async (tx) => {
        const known = await deviceOf(tx);
        await noteKnown(tx, personId, known);
        const [first] = await tx.objectStore("outbox").index("seq").getAllKeys(null, 1);
        return { id: known.id, first, server: await meta(tx, "server") };
      })
      .catch(() => null);
    device = found?.id ?? device;
    const said = found?.server ? found.server.heard + found.server.offset : 0;
    const first = found?.first ?? journal[0]?.id ?? null;
    const loss = device ? lossOf(device) : null;
    return {
      room: measure.room,
      storage,
      journal: journal.length,
      stuck: isStuck(personId, first, Math.max(said, reachedAt)),
      lost: loss?.told && !loss.gone ? null : (loss?.lost.why ?? null),
      gone: loss?.gone ?? 0,
    };
  }

  void begin();
  setTimeout(() => void size(), SOON_MS);
  setInterval(() => document.visibilityState === "visible" && void size(), EVERY_MS);

  return {
    look,
    tried(error) {
      measure.tried(error);
      if (!error) void askToKeep();
    },
    reached(time) {
      reachedAt = Math.max(reachedAt, time);
    },
    wasRead() {
      if (device) wasRead(device);
      changed();
    },
  };
}
