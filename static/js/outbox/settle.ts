// What becomes of entries when the server has answered for them by id and hash.

import type { Entry, Receipt, Result, State, Status } from "./messages";
import type { Answer, Batch } from "./post";
import { deviceOf, renumber, setTold } from "./queue";
import { type Store, setMeta, type Writing } from "./store";

const NEEDS_YOU: Status[] = ["rejected", "conflict", "mismatch", "too_large"];
const RENUMBERS: Status[] = ["gap", "mismatch"];

export interface Settled {
  moved: number;
  renumbered: boolean;
}

export function settle(store: Store, batch: Batch, answer: Answer): Promise<Settled> {
  const sent = new Set(batch.entries.map((entry) => `${entry.id} ${entry.sha}`));
  return store.write(async (tx) => {
    const answered = answer.results.filter(({ id, sha }) => sent.has(`${id} ${sha}`));
    let moved = 0;
    for (const result of answered) {
      if (result.status !== "gap" && (await move(tx, result, answer.expected))) moved++;
    }
    for (const result of answer.updates) await move(tx, result, answer.expected);
    await setTold(tx, batch.withdrawn);
    // A number that is merely behind was taken in before, by an answer that got lost.
    const wrong = answered.some(({ status }) => RENUMBERS.includes(status));
    const renumbered = wrong && (await renumber(tx, answer.expected));
    await setMeta(tx, "server", { heard: Date.now(), offset: answer.offset });
    return { moved, renumbered };
  });
}

/** One that no door is wide enough for. */
export function parkTooLarge(store: Store, { id, sha }: Entry): Promise<void> {
  return store.write(async (tx) => {
    const entry = await tx.objectStore("outbox").get(id);
    if (entry?.sha !== sha || entry.seq === undefined) return;
    await move(tx, { id, sha, status: "too_large" }, entry.seq);
    await renumber(tx, entry.seq);
  });
}

async function move(tx: Writing, result: Result, expected: number): Promise<boolean> {
  const outbox = tx.objectStore("outbox");
  const entry = await outbox.get(result.id);
  if (!entry || entry.state === "withdrawn") return false;
  if (![entry.sha, ...(entry.former ?? [])].includes(result.sha)) return false;
  const { seq, ...parked } = entry;
  if (seq !== undefined && seq < expected) await count(tx, seq, entry.sha);
  const state = stateOf(result);
  if (state === "gone") await outbox.delete(entry.id);
  else await outbox.put({ ...parked, state, result });
  await tx.objectStore("results").put(receipt(entry, result));
  return true;
}

/** The server has used this number up: the next one that gets a number follows it. */
async function count(tx: Writing, seq: number, sha: string): Promise<void> {
  const device = await deviceOf(tx);
  if (seq > device.acked.seq) await setMeta(tx, "device", { ...device, acked: { seq, sha } });
}

/** A word that we do not know yet is kept as received: only "applied" lets go of an entry. */
function stateOf({ status, was }: Result): State | "gone" {
  const word = status === "dup" ? (was ?? "applied") : status;
  if (word === "applied") return "gone";
  return NEEDS_YOU.includes(word) ? "needs_you" : "received";
}

function receipt({ id, sha, name, contents, at }: Entry, result: Result): Receipt {
  return { id, sha, name, contents, at, received_at: new Date().toISOString(), result };
}
