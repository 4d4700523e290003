// The outbox in its database: put in, look at, move by what the server said. Nothing goes for another reason.

import { addressed, contentsOf, type Envelope, sealed } from "./envelope";
import { forkOf, isId } from "./ids";
import type { Entry, Saved, Written } from "./messages";
import { type Device, meta, type Store, setMeta, type Tx, type Writing } from "./store";

const ASKED_AT_ONCE = 200;

/** Number, chain, entry and the end of its draft in one transaction. */
export function add(store: Store, wish: Written): Promise<Saved> {
  const contents = contentsOf(wish);
  return store.write(async (tx) => {
    // Asked for at once: each question goes to another process and back.
    const [[id, again], device, deps] = await Promise.all([
      claimed(tx, wish.id, contents),
      deviceOf(tx),
      depsOf(tx, wish),
      endDraft(tx, wish),
    ]);
    const written = { ...wish, id };
    if (!again) await insert(tx, written, device, { contents, deps });
    return { written, kept: "database", again };
  });
}

/** Not one that was begun in its place since. */
async function endDraft(tx: Writing, { id, draft }: Written): Promise<void> {
  const kept = draft ? await tx.objectStore("drafts").get(draft) : undefined;
  if (kept && (!kept.id || kept.id === id)) await tx.objectStore("drafts").delete(kept.slot);
}

/** The id to use, and whether this very command is known under it. */
async function claimed(tx: Tx, id: string, contents: string): Promise<[string, boolean]> {
  const [waiting, gone] = await Promise.all([
    tx.objectStore("outbox").get(id),
    tx.objectStore("results").get(id),
  ]);
  const known = waiting ?? gone;
  if (!known) return [id, false];
  if (known.contents === contents) return [id, true];
  return claimed(tx, forkOf(id, contents), contents);
}

async function insert(
  tx: Writing,
  written: Written,
  device: Device,
  known: { contents: string; deps: string[] },
): Promise<void> {
  const envelope = addressed(written, device, known.deps);
  const { id, name, authored, page, about, supersedes } = written;
  const own = { id, name, at: authored.at, page, about, contents: known.contents };
  const number = { seq: envelope.seq, ...sealed(envelope) };
  const { seq, sha } = number;
  await Promise.all([
    tx.objectStore("outbox").add({ ...own, ...number, state: "waiting" }),
    setMeta(tx, "device", { ...device, seq, sha }),
    supersedes ? supersede(tx, supersedes, id) : null,
  ]);
}

export async function deviceOf(tx: Tx) {
  const device = await meta(tx, "device");
  if (!device) throw new Error("This database has lost its device.");
  return device;
}

async function depsOf(tx: Tx, written: Written): Promise<string[]> {
  const named = [...new Set(written.fields.map(([, value]) => value))].filter(isId);
  const found = await Promise.all(named.map((id) => tx.objectStore("outbox").getKey(id)));
  return found.filter((id) => id !== undefined);
}

async function supersede(tx: Writing, id: string, by: string): Promise<void> {
  const old = await tx.objectStore("outbox").get(id);
  if (old?.state !== "needs_you") return;
  await tx.objectStore("outbox").put({ ...old, state: "withdrawn", superseded_by: by });
}

/** The oldest that wait after those under way, at most `count` and about `bytes`, frozen as they are about to be sent. */
export async function take(
  tx: Writing,
  count: number,
  bytes: number,
  underWay = 0,
): Promise<Entry[]> {
  const outbox = tx.objectStore("outbox");
  const oldest = (await outbox.index("seq").getAll(null, underWay + count)).slice(underWay);
  let size = 0;
  const fits = oldest.filter((entry, place) => {
    size += entry.body.length;
    return !place || size <= bytes;
  });
  const fresh = fits.filter(({ state }) => state === "waiting");
  await Promise.all(fresh.map((entry) => outbox.put({ ...entry, state: "sent" })));
  return fits;
}

/** What to ask and to tell beside the entries. */
export async function besides(tx: Tx): Promise<{ held: string[]; withdrawn: string[] }> {
  const byState = tx.objectStore("outbox").index("state");
  const gone = (await byState.getAll("withdrawn")).filter((one) => !one.told && !one.superseded_by);
  return {
    held: await byState.getAllKeys("received", ASKED_AT_ONCE),
    withdrawn: gone.slice(0, ASKED_AT_ONCE).map(({ id }) => id),
  };
}

export async function setTold(tx: Writing, withdrawn: string[]): Promise<void> {
  for (const id of withdrawn) {
    const entry = await tx.objectStore("outbox").get(id);
    if (entry) await tx.objectStore("outbox").put({ ...entry, told: true });
  }
}

/** Those that wait are numbered anew from `expected`; ids and contents stay. */
export async function renumber(tx: Writing, expected: number): Promise<boolean> {
  const device = await deviceOf(tx);
  const outbox = tx.objectStore("outbox");
  const [first] = await outbox.index("seq").getAll(null, 1);
  if ((first?.seq ?? device.seq + 1) === expected) return false;
  const waiting = await outbox.index("seq").getAll();
  let last = {
    seq: expected - 1,
    sha: device.acked.seq === expected - 1 ? device.acked.sha : "",
  };
  for (const entry of waiting) {
    const envelope: Envelope = JSON.parse(entry.body);
    const seq = last.seq + 1;
    const again = sealed({ ...envelope, seq, prev: last.sha });
    const former = [...(entry.former ?? []), ...(entry.state === "sent" ? [entry.sha] : [])];
    await outbox.put({ ...entry, seq, ...again, state: "waiting", former });
    last = { seq, sha: again.sha };
  }
  await setMeta(tx, "device", { ...device, ...last });
  return true;
}

/** Given up by the person who wrote it; only what was refused can be. */
export function withdraw(store: Store, id: string): Promise<boolean> {
  return store.write(async (tx) => {
    const entry = await tx.objectStore("outbox").get(id);
    if (entry?.state !== "needs_you") return false;
    await tx.objectStore("outbox").put({ ...entry, state: "withdrawn" });
    return true;
  });
}
