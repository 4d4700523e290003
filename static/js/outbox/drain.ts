// Peek, send, verify, then let go: one batch after the other, slower when the answers do not come.

import { alone, stillMine } from "./alone";
import type { Drawer } from "./drawer";
import { BOOT_ID } from "./ids";
import { number } from "./jots";
import { inJournal, replay } from "./journal";
import type { Pause, ShutOut } from "./messages";
import { type Batch, post, type Reply } from "./post";
import { questionsOf } from "./questions";
import { deviceOf, filed, take } from "./queue";
import { parkTooLarge, type Settled, settle, tookAll } from "./settle";
import { noteShutOut } from "./shut-out";
import { meta, type Store, setMeta, type Writing } from "./store";

const FIRST = 20;
const MOST = 500;
const BYTES = 256 * 1_024;
const SLOWEST_S = 60;
const NEIGHBOUR_MS = 1_000;

export interface Drainer {
  /** `urgent`: something has changed, so a back-off (not a Retry-After) is over. */
  wake(urgent?: boolean): Promise<void>;
  sleep(): void;
  rise(): void;
  readonly pause: Pause | null;
  readonly sending: boolean;
  /** As the last answer had it. */
  readonly shutOut: ShutOut | null;
}

export function drainer(
  { store, drawer }: { store: Store; drawer: Drawer },
  personId: string,
  changed: () => void,
): Drainer {
  let [size, most, failures, rest] = [FIRST, MOST, 0, 0];
  let [sending, again, hurry, asleep, renumbered] = [false, false, false, false, false];
  const questions = questionsOf(personId);
  let pause: Pause | null = null;
  let farewell: ShutOut | null = null;
  let settled: Promise<unknown> = Promise.resolve();
  let stop = new AbortController();
  let alarm: ReturnType<typeof setTimeout> | undefined;

  async function wake(urgent = false): Promise<void> {
    if (asleep) return;
    again = true;
    hurry ||= urgent;
    if (sending || (!urgent && (pause || performance.now() < rest))) return;
    sending = true;
    while (again) {
      again = hurry = false;
      await takeTurn().catch(fail);
      again ||= hurry; // a sign of life during a try that failed: the next try is now
    }
    sending = false;
    changed();
  }

  async function takeTurn(): Promise<void> {
    if (!inJournal(personId).length && !(await store.read(questions.waits))) return;
    const ran = await alone(store, `outbox-${personId}`, BOOT_ID, rounds);
    if (!ran) ring(NEIGHBOUR_MS);
  }

  async function rounds(): Promise<void> {
    settled = Promise.resolve(); // one that failed was not the last word
    const inLine = await lineUp();
    if (await told()) return;
    for (let batch = await next(); batch && !asleep; batch = await sent(batch)) changed();
    await settled;
    if (!inLine) fail();
  }

  /** False where there is no room for it; what has a number goes all the same. */
  async function lineUp(): Promise<boolean> {
    try {
      await number({ store, drawer });
      await replay({ store, drawer }, personId);
      return true;
    } catch {
      return false;
    }
  }

  /** The batch after this one. When all is well it goes while this one is still being put away. */
  async function sent(batch: Batch): Promise<Batch | null> {
    stop = new AbortController();
    const answering = post(batch, stop);
    const ahead = await readied(batch).catch(async (error) => {
      stop.abort();
      await answering;
      throw error;
    });
    const reply = await answering;
    if (asleep) return null;
    if (ahead && reply.kind === "answer" && tookAll(batch, reply)) {
      settled = heed(reply, batch);
      return ahead;
    }
    return (await heed(reply, batch)) ? next() : null;
  }

  /** While a batch is under way, the one before is put away and the one after made ready. */
  async function readied(batch: Batch): Promise<Batch | null> {
    await settled;
    return batch.entries.length ? store.write((tx) => following(tx, batch)) : null;
  }

  async function following(tx: Writing, { device, entries }: Batch): Promise<Batch | null> {
    if (!(await stillMine(tx, BOOT_ID))) return null;
    const waiting = (await tx.objectStore("outbox").index("seq").count()) - entries.length;
    if (waiting <= 0) return null;
    const after = await take(tx, grown(), BYTES, entries.at(-1)?.seq);
    const proof = await questions.proof(tx);
    return { device, entries: after, waiting, held: [], withdrawn: [], secret: true, proof };
  }

  async function next(): Promise<Batch | null> {
    return store.write(async (tx) => {
      if (!(await stillMine(tx, BOOT_ID))) return null;
      const waiting = await tx.objectStore("outbox").index("seq").count();
      const entries = waiting ? await take(tx, size, BYTES) : [];
      const asked = await questions.ask(tx, entries.length > 0);
      if (!asked) return null;
      const { id: device } = await deviceOf(tx);
      return { device, entries, waiting, ...asked };
    });
  }

  /** True to go on with the next batch at once. */
  async function heed(reply: Reply, batch: Batch): Promise<boolean> {
    hear(reply);
    switch (reply.kind) {
      case "answer": {
        const done = await settle(store, batch, reply);
        await tidy(done);
        const asked = !batch.entries.length;
        const stuck = !asked && !done.moved && (renumbered || !done.renumbered);
        renumbered = done.renumbered;
        pause = null;
        questions.answered();
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

  /** Whoever is shut out is answered without a session: to be sent to sign in is to be let in again. */
  function hear(reply: Reply): void {
    farewell = reply.kind === "answer" ? reply.shutOut : null;
    if (reply.kind === "answer") questions.heard();
    else if (reply.kind !== "pause" || reply.why !== "sign_in" || !reply.ours) return;
    noteShutOut(personId, farewell);
  }

  async function tidy({ renumbered, gone }: Omit<Settled, "moved">): Promise<void> {
    if (renumbered) await drawer.refill(await filed(store));
    else drawer.drop(gone);
  }

  function succeed(): true {
    failures = 0;
    rest = 0;
    size = grown();
    return true;
  }

  function grown(): number {
    return Math.min(size * 2, most);
  }

  function fail(): false {
    failures++;
    size = Math.max(1, Math.floor(size / 2));
    return ring((1 + Math.random() * (Math.min(SLOWEST_S, 2 ** failures) - 1)) * 1_000);
  }

  async function narrow({ entries }: Batch): Promise<true> {
    const [first] = entries;
    if (entries.length === 1 && first) {
      await parkTooLarge(store, first);
      await tidy({ renumbered: true, gone: [] });
    } else most = size = Math.floor(entries.length / 2);
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
    get shutOut() {
      return farewell;
    },
  };
}
