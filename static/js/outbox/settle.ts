// What becomes of entries when the server has answered for them by id and hash.

import type { Entry, Receipt, Result, State, Status } from "./messages";
import type { Answer, Batch } from "./post";
import { deviceOf, renumber, setTold } from "./queue";
import { meta, type Store, setMeta, type Writing } from "./store";

const NEEDS_YOU: Status[] = ["rejected", "conflict", "mismatch", "too_large"];
const RENUMBERS: Status[] = ["gap", "mismatch"];

export interface Settled {
  moved: number;
  /** The numbers of those that are done. */
  gone: number[];
  renumbered: boolean;
}

/** Every entry has used its number up, and the server awaits the next one. */
export function tookAll({ entries }: Batch, { results, expected }: Answer): boolean {
  const last = entries.at(-1)?.seq;
  return (
    last !== undefined &&
    expected === last + 1 &&
    entries.every(
      ({ id, sha }, place) => results[place]?.id === id && results[place]?.sha === sha,
    ) &&
    results.every(({ status }) => !RENUMBERS.includes(status))
  );
}

export function settle(store: Store, batch: Batch, answer: Answer): Promise<Settled> {
  const sent = new Set(batch.entries.map((entry) => `${entry.id} ${entry.sha}`));
  return store.write(async (tx) => {
    const answered = answer.results.filter(({ id, sha }) => sent.has(`${id} ${sha}`));
    const final = answered.filter(({ status }) => status !== "gap");
    const moved = await move(tx, final, answer.expected);
    await move(tx, answer.updates, answer.expected);
    await setTold(tx, batch.withdrawn);
    // A number that is merely behind was taken in before, by an answer that got lost.
    const wrong = answered.some(({ status }) => RENUMBERS.includes(status));
    const renumbered = wrong && (await renumber(tx, answer.expected));
    if (answer.secret) await setMeta(tx, "secret", answer.secret);
    await hear(tx, answer.offset, moved.length > 0);
    return { moved: moved.length, gone: numbersGone(moved), renumbered };
  });
}

async function hear(tx: Writing, offset: number, took: boolean): Promise<void> {
  const heard = Date.now();
  const taken = took ? heard : ((await meta(tx, "server"))?.taken ?? 0);
  await setMeta(tx, "server", { heard, offset, taken });
}

/** One that no door is wide enough for. */
export function parkTooLarge(store: Store, { id, sha }: Entry): Promise<void> {
  return store.write(async (tx) => {
    const entry = await tx.objectStore("outbox").get(id);
    if (entry?.sha !== sha || entry.seq === undefined) return;
    await move(tx, [{ id, sha, status: "too_large" }], entry.seq);
    await renumber(tx, entry.seq);
  });
}

interface Meant {
  entry: Entry;
  result: Result;
}

function numbersGone(moved: Meant[]): number[] {
  return moved.flatMap(({ entry: { seq }, result }) =>
    seq !== undefined && stateOf(result) === "gone" ? [seq] : [],
  );
}

/** Those results that are about something that is here, under a hash that it has or had. */
async function move(tx: Writing, results: Result[], expected: number): Promise<Meant[]> {
  const here = await known(tx, results);
  const meant = results.flatMap((result) => {
    const entry = here.get(result.id);
    here.delete(result.id); // the first word about it counts
    return entry && isMeant(entry, result) ? [{ entry, result }] : [];
  });
  await count(
    tx,
    meant.map(({ entry }) => entry),
    expected,
  );
  // Not one by one: a phone waits a long time for each answer of its database.
  await Promise.all(meant.flatMap(({ entry, result }) => [...parted(tx, entry, result)]));
  return meant;
}

/** Those that were sent are the oldest: one look finds most of them. */
async function known(tx: Writing, results: Result[]): Promise<Map<string, Entry>> {
  if (!results.length) return new Map();
  const outbox = tx.objectStore("outbox");
  const oldest = await outbox.index("seq").getAll(null, results.length);
  const here = new Map(oldest.map((entry) => [entry.id, entry]));
  const others = results.filter(({ id }) => !here.has(id));
  for (const entry of await Promise.all(others.map(({ id }) => outbox.get(id)))) {
    if (entry) here.set(entry.id, entry);
  }
  return here;
}

function isMeant(entry: Entry, { sha }: Result): boolean {
  return entry.state !== "withdrawn" && [entry.sha, ...(entry.former ?? [])].includes(sha);
}

function* parted(tx: Writing, entry: Entry, result: Result): Iterable<Promise<unknown>> {
  const outbox = tx.objectStore("outbox");
  const { seq: _, ...parked } = entry;
  const state = stateOf(result);
  if (state === "gone") yield outbox.delete(entry.id);
  else yield outbox.put({ ...parked, state, result });
  yield tx.objectStore("results").put(receipt(entry, result));
}

/** The server has used these numbers up: the next one that gets a number follows the last. */
async function count(tx: Writing, entries: Entry[], expected: number): Promise<void> {
  const device = await deviceOf(tx);
  let acked = device.acked;
  for (const { seq, sha } of entries) {
    if (seq !== undefined && seq < expected && seq > acked.seq) acked = { seq, sha };
  }
  if (acked !== device.acked) await setMeta(tx, "device", { ...device, acked });
}

/** A word that we do not know yet is kept as received: only "applied" lets go of an entry. */
function stateOf({ status, was }: Result): State | "gone" {
  const word = status === "dup" ? (was ?? "applied") : status;
  if (word === "applied") return "gone";
  return NEEDS_YOU.includes(word) ? "needs_you" : "received";
}

function receipt({ state: _state, seq: _seq, ...entry }: Entry, result: Result): Receipt {
  return { ...entry, received_at: new Date().toISOString(), result };
}
