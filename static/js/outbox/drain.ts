// Peek, send, verify, then let go: one batch after the other, slower when the answers do not come.

import { alone, stillMine } from "./alone";
import { BOOT_ID } from "./ids";
import { inJournal, replay } from "./journal";
import type { Pause } from "./messages";
import { type Batch, post, type Reply } from "./post";
import { besides, deviceOf, take } from "./queue";
import { parkTooLarge, settle } from "./settle";
import { meta, type Store, setMeta, type Tx } from "./store";

const FIRST = 20;
const MOST = 500;
const BYTES = 256 * 1_024;
const SLOWEST_S = 60;
const NEIGHBOUR_MS = 1_000;
const ASK_AGAIN_MS = 60_000;

export interface Drainer {
  /** `urgent`: something has changed, so a back-off (not a Retry-After) is over. */
  wake(urgent?: boolean): Promise<void>;
  sleep(): void;
  rise(): void;
  readonly pause: Pause | null;
  readonly sending: boolean;
}

export function drainer(store: Store, personId: string, changed: () => void): Drainer {
  let [size, most, failures, rest] = [FIRST, MOST, 0, 0];
  let [sending, again, asleep, renumbered] = [false, false, false, false];
  let askAgain = 0;
  let pause: Pause | null = null;
  let stop = new AbortController();
  let alarm: ReturnType<typeof setTimeout> | undefined;

  async function wake(urgent = false): Promise<void> {
    if (asleep) return;
    again = true;
    if (sending || (!urgent && (pause || performance.now() < rest))) return;
    sending = true;
    try {
      while (again) {
        again = false;
        await takeTurn();
      }
    } catch {
      fail();
    } finally {
      sending = false;
      changed();
    }
  }

  async function takeTurn(): Promise<void> {
    if (!(await waits())) return;
    const ran = await alone(store, `outbox-${personId}`, BOOT_ID, rounds);
    if (!ran) ring(NEIGHBOUR_MS);
  }

  async function waits(): Promise<boolean> {
    if (inJournal(personId).length) return true;
    return store.read(async (tx) => {
      const { held, withdrawn } = await questions(tx);
      const waiting = await tx.objectStore("outbox").index("seq").count();
      return waiting + held.length + withdrawn.length > 0;
    });
  }

  async function questions(tx: Tx) {
    const { held, withdrawn } = await besides(tx);
    return { held: performance.now() < askAgain ? [] : held, withdrawn };
  }

  async function rounds(): Promise<void> {
    await replay(store, personId);
    if (await told()) return;
    for (;;) {
      const batch = await next();
      if (!batch || asleep) return;
      stop = new AbortController();
      changed();
      const reply = await post(batch, stop);
      if (asleep || !(await heed(reply, batch))) return;
    }
  }

  async function next(): Promise<Batch | null> {
    return store.write(async (tx) => {
      if (!(await stillMine(tx, BOOT_ID))) return null;
      const waiting = await tx.objectStore("outbox").index("seq").count();
      const entries = waiting ? await take(tx, size, BYTES) : [];
      const { held, withdrawn } = await questions(tx);
      if (!entries.length && !held.length && !withdrawn.length) return null;
      return { device: (await deviceOf(tx)).id, entries, waiting, held, withdrawn };
    });
  }

  /** True to go on with the next batch at once. */
  async function heed(reply: Reply, batch: Batch): Promise<boolean> {
    switch (reply.kind) {
      case "answer": {
        const done = await settle(store, batch, reply);
        const asked = !batch.entries.length;
        const stuck = !asked && !done.moved && (renumbered || !done.renumbered);
        renumbered = done.renumbered;
        pause = null;
        if (performance.now() >= askAgain) askAgain = performance.now() + ASK_AGAIN_MS;
        return stuck ? fail() : succeed();
      }
      case "too_large":
        return narrow(batch);
      case "pause":
        pause = reply.why;
        again = false;
        return false;
      case "busy":
        return obey(reply.seconds);
      default:
        return fail();
    }
  }

  function succeed(): true {
    failures = 0;
    rest = 0;
    size = Math.min(size * 2, most);
    return true;
  }

  function fail(): false {
    failures++;
    size = Math.max(1, Math.floor(size / 2));
    return ring((1 + Math.random() * (Math.min(SLOWEST_S, 2 ** failures) - 1)) * 1_000);
  }

  async function narrow({ entries }: Batch): Promise<true> {
    const [first] = entries;
    if (entries.length === 1 && first) await parkTooLarge(store, first);
    else most = size = Math.floor(entries.length / 2);
    return true;
  }

  async function obey(seconds: number): Promise<false> {
    const from = Date.now();
    await store.write((tx) => setMeta(tx, "rest", { from, until: from + seconds * 1_000 }));
    return ring(seconds * 1_000);
  }

  /** What one tab was told holds for all, unless the clock was turned back since. */
  async function told(): Promise<boolean> {
    const row = await store.read((tx) => meta(tx, "rest"));
    const now = Date.now();
    if (!row || now < row.from || now >= row.until) return false;
    ring(row.until - now);
    return true;
  }

  function ring(delay: number): false {
    again = false;
    rest = performance.now() + delay;
    clearTimeout(alarm);
    alarm = setTimeout(() => void wake(true), delay);
    return false;
  }

  return {
    wake,
    sleep() {
      asleep = true;
      clearTimeout(alarm);
      stop.abort();
    },
    rise() {
      asleep = false;
      void wake(true);
    },
    get pause() {
      return pause;
    },
    get sending() {
      return sending;
    },
  };
}
