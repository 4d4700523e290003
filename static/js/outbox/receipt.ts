// The day's receipt: what this phone knows as received against what the server holds, by count and digest.

import { type Envelope, sealed } from "./envelope";
import { newId } from "./ids";
import type { Entry, Receipt, Status } from "./messages";
import { deviceOf } from "./queue";
import { sha256 } from "./sha256";
import { meta, type Store, setMeta, type Tx, type Writing } from "./store";

const ADDRESS = "/sync/receipt";
const MEDIA = "application/vnd.roadbook.sync+json";
const LIMIT_MS = 20_000;
const KEPT_MS = 30 * 86_400_000;
/** With these the server has kept nothing under the id and hash that it named. */
const NOT_KEPT: Status[] = ["mismatch", "too_large", "gap"];

type Pair = [id: string, sha: string];

/** `at` is when it was asked, `from` the day's beginning. `strangers` the server holds and we do not know. */
export interface Checked {
  at: string;
  from: string;
  received: number;
  total: number;
  missing: string[];
  strangers: number;
}

interface Day {
  device: string;
  acknowledged: Receipt[];
}

interface Answer {
  count: number;
  digest: string;
  held?: Pair[];
}

/** Null without an answer of the server's; then nothing is known. */
export async function check(store: Store, now = new Date()): Promise<Checked | null> {
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const to = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const day = await store.read((tx) => dayOf(tx, from, to));
  const ask = { device: day.device, from: from.toISOString(), to: to.toISOString() };
  const answer = await asked(ask);
  if (!answer) return null;
  const pairs = day.acknowledged.map(pairOf);
  const equal = answer.count === pairs.length && answer.digest === digestOf(pairs);
  const held = equal ? pairs : (await asked({ ...ask, named: "true" }))?.held;
  if (!held) return null;
  return store.write((tx) => settled(tx, day, held, { at: now, from, to }));
}

async function dayOf(tx: Tx, from: Date, to: Date): Promise<Day> {
  const outbox = await tx.objectStore("outbox").getAll();
  const given = new Set(outbox.filter(isGivenUp).map(({ id }) => id));
  const acknowledged = (await tx.objectStore("results").getAll()).filter(
    ({ id, at, result }) => within(at, from, to) && isKept(result) && !given.has(id),
  );
  return { device: (await deviceOf(tx)).id, acknowledged };
}

function isKept({ status, was }: Receipt["result"]): boolean {
  return !NOT_KEPT.includes(status === "dup" ? (was ?? status) : status);
}

/** Missing on the server, and not to be sent again. */
function isGivenUp({ state, result }: Entry): boolean {
  return state === "withdrawn" && result?.status === "missing";
}

function within(at: string, from: Date, to: Date): boolean {
  const moment = Date.parse(at);
  return moment >= from.getTime() && moment < to.getTime();
}

/** An entry that was numbered anew is kept there under the hash that came first. */
function pairOf({ id, result }: Receipt): Pair {
  return [id, result.first ?? result.sha];
}

function digestOf(pairs: Pair[]): string {
  return sha256(
    pairs
      .map((pair) => pair.join(" "))
      .sort()
      .join("\n"),
  );
}

async function asked(what: Record<string, string>): Promise<Answer | null> {
  const nonce = newId();
  try {
    const answer = await fetch(`${ADDRESS}?${new URLSearchParams({ ...what, nonce })}`, {
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith(MEDIA)) return null;
    const said = await answer.json();
    return said.nonce === nonce ? said : null;
  } catch {
    return null;
  }
}

async function settled(
  tx: Writing,
  { acknowledged }: Day,
  held: Pair[],
  { at, from, to }: Record<"at" | "from" | "to", Date>,
): Promise<Checked> {
  const there = new Set(held.map((pair) => pair.join(" ")));
  const missing: Receipt[] = [];
  for (const one of acknowledged) {
    if (!there.has(pairOf(one).join(" ")) && (await park(tx, one))) missing.push(one);
  }
  const outbox = await tx.objectStore("outbox").getAll();
  const known = new Set([...(await tx.objectStore("results").getAllKeys()), ...idsOf(outbox)]);
  const today = outbox.filter((one) => within(one.at, from, to));
  const open = new Set(idsOf(today.filter(({ state }) => state !== "received")));
  const gone = new Set(idsOf(today.filter(({ state }) => state === "withdrawn")));
  const received = acknowledged.filter(({ id }) => !open.has(id)).length;
  const checked = {
    at: at.toISOString(),
    from: from.toISOString(),
    received,
    total: received + open.size - gone.size,
    missing: idsOf(missing),
    strangers: held.filter(([id]) => !known.has(id)).length,
  };
  await setMeta(tx, "checked", checked);
  await letGo(tx, new Date(at.getTime() - KEPT_MS));
  return checked;
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

/** The server has lost it: it waits here until its author says what becomes of it. */
async function park(tx: Writing, one: Receipt): Promise<boolean> {
  const outbox = tx.objectStore("outbox");
  const now = await tx.objectStore("results").get(one.id);
  if (now?.received_at !== one.received_at) return false; // sent again since we asked
  if (await outbox.getKey(one.id)) return true;
  const { received_at: _when, result, body = "", ...entry } = one;
  const { id, sha } = result;
  await outbox.put({ ...entry, body, state: "needs_you", result: { id, sha, status: "missing" } });
  return true;
}

/** The only place where receipts end. */
async function letGo(tx: Writing, before: Date): Promise<void> {
  const results = tx.objectStore("results");
  for (const { id, received_at } of await results.getAll()) {
    if (Date.parse(received_at) < before.getTime()) await results.delete(id);
  }
}

/** Under a new number, as it was written; false where its words are no longer here. */
export function sendAgain(store: Store, id: string): Promise<boolean> {
  return store.write(async (tx) => {
    const entry = await tx.objectStore("outbox").get(id);
    if (entry?.result?.status !== "missing" || entry.state !== "needs_you") return false;
    if (!entry.body) return false;
    const device = await deviceOf(tx);
    const [seq, envelope]: [number, Envelope] = [device.seq + 1, JSON.parse(entry.body)];
    const anew = sealed({ ...envelope, device_id: device.id, seq, prev: device.sha });
    const { result: _lost, ...rest } = entry;
    const former = [...(entry.former ?? []), entry.sha];
    await tx.objectStore("outbox").put({ ...rest, ...anew, seq, state: "waiting", former });
    await setMeta(tx, "device", { ...device, seq, sha: anew.sha });
    return true;
  });
}

/** How the last check ended, all receipts, the newest first, and which of them are open again. */
export function known(store: Store) {
  return store.read(async (tx) => {
    const receipts = await tx.objectStore("results").getAll();
    receipts.sort((a, b) => b.received_at.localeCompare(a.received_at));
    const outbox = await tx.objectStore("outbox").getAll();
    const open = new Set(idsOf(outbox.filter(({ state }) => state !== "received")));
    return { checked: (await meta(tx, "checked")) ?? null, receipts, open };
  });
}
