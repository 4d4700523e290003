// The outbox in its database: put in, look at, move by what the server said. Nothing goes for another reason.

import type { Filed } from "./drawer";
import { addressed, contentsOf, type Envelope, sealed, unsealed } from "./envelope";
import { forkOf, isId } from "./ids";
import type { Draft, Entry, Written } from "./messages";
import { above, type Device, meta, type Store, setMeta, type Tx, type Writing } from "./store";

const ASKED_AT_ONCE = 200;

type Filing = (one: Filed, done: Promise<void>) => void;

interface Found {
  device: Device;
  deps: string[];
  contents: string;
  /** The draft that it was, and the refused one that it mends. */
  draft: Draft | undefined;
  mended: Entry | undefined;
}

export function add(store: Store, wish: Written): Promise<void> {
  return store.write((tx) => enter(tx, wish));
}

/** Number, chain, entry and the end of its draft in one transaction; filed while that is being written down. */
export async function enter(tx: Writing, wish: Written, file: Filing = () => {}): Promise<void> {
  const contents = contentsOf(wish);
  // Asked for at once, and what is written is not awaited: each goes to another process and back.
  const [[id, again], device, deps, draft, mended] = await Promise.all([
    claimed(tx, wish.id, contents),
    deviceOf(tx),
    depsOf(tx, wish),
    wish.draft ? tx.objectStore("drafts").get(wish.draft) : undefined,
    wish.supersedes ? tx.objectStore("outbox").get(wish.supersedes) : undefined,
  ]);
  const written = { ...wish, id };
  const found = { device, deps, contents, draft, mended };
  const asked = [...ended(tx, wish.id, found), ...(again ? [] : inserted(tx, written, found))];
  for (const one of asked) one.catch(() => {}); // what cannot be written ends the transaction
  if (!again) file({ seq: device.seq + 1, device: device.id, written }, tx.done);
}

/** Not one that was begun in its place since. */
function ended(tx: Writing, id: string, { draft }: Found): Promise<unknown>[] {
  if (!draft || (draft.id && draft.id !== id)) return [];
  return [tx.objectStore("drafts").delete(draft.slot)];
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

function inserted(
  tx: Writing,
  written: Written,
  { device, deps, contents, mended }: Found,
): Promise<unknown>[] {
  const envelope = addressed(written, device, deps);
  const { id, name, authored, page, about } = written;
  const own = { id, name, at: authored.at, page, about, contents };
  const number = { seq: envelope.seq, ...sealed(envelope) };
  const { seq, sha } = number;
  const outbox = tx.objectStore("outbox");
  const asked: Promise<unknown>[] = [
    outbox.add({ ...own, ...number, state: "waiting" }),
    tx.objectStore("meta").put({ ...device, seq, sha }, "device"),
  ];
  if (mended?.state === "needs_you") {
    asked.push(outbox.put({ ...mended, state: "withdrawn", superseded_by: id }));
  }
  return asked;
}

/** Everything that is still somebody's concern and has words, as it is filed. */
export function filed(store: Store): Promise<Filed[]> {
  return store.read(async (tx) => {
    const { id } = await deviceOf(tx);
    const all = await tx.objectStore("outbox").getAll();
    const left = all.filter(({ state, body }) => state !== "withdrawn" && body);
    return left.map((one, place) => ({
      seq: one.seq ?? -place,
      device: id,
      written: unsealed(one),
    }));
  });
}

/** How many that are. */
export async function countFiled(tx: Tx): Promise<number> {
  const outbox = tx.objectStore("outbox");
  const byState = outbox.index("state");
  const wordless = (await byState.getAll("needs_you")).filter(({ body }) => !body);
  return (await outbox.count()) - (await byState.count("withdrawn")) - wordless.length;
}

export async function deviceOf(tx: Tx) {
  const device = await meta(tx, "device");
  if (!device) throw new Error("This database has lost its device.");
  return device;
}

/** Ids that it names and that wait here. */
export async function depsOf(tx: Tx, written: Written): Promise<string[]> {
  const named = [...new Set(written.fields.map(([, value]) => value))].filter(isId);
  const found = await Promise.all(named.map((id) => tx.objectStore("outbox").getKey(id)));
  return found.filter((id) => id !== undefined);
}

/** The oldest that wait after number `after`, at most `count` and about `bytes`. */
export async function take(tx: Tx, count: number, bytes: number, after = 0): Promise<Entry[]> {
  const seq = tx.objectStore("outbox").index("seq");
  const oldest = await seq.getAll(above(after), count);
  let size = 0;
  return oldest.filter((entry, place) => {
    size += entry.body.length;
    return !place || size <= bytes;
  });
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

/** Those that wait are numbered anew from `expected`; ids and contents stay. Any of them may have been sent before. */
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
    const former = [...(entry.former ?? []), entry.sha];
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
