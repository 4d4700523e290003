// What is remembered of a database beside it. What the browser threw away is put back from the copies.

import { keysWith, recall, remember } from "./beside";
import { copies, dropCopies } from "./copies";
import { type Drawer, type Filed, isLate } from "./drawer";
import { number } from "./jots";
import { inJournal } from "./journal";
import { noteLoss } from "./loss";
import type { Written } from "./messages";
import { add, countFiled, filed } from "./queue";
import { type Device, jotsOf, meta, NotOurs, type Store, type Tx } from "./store";

/** As it was when it was last looked at; `last` is the id of what was written last and still waited. */
interface Known {
  device: string;
  seq: number;
  waiting: number;
  last: string | null;
}

interface Whose {
  personId: string;
  /** Of the database. */
  name: string;
  drawer: Drawer;
}

/** Done whenever a database opens: what was lost has its place before what is written next. */
export async function makeWhole(store: Store, { personId, name, drawer }: Whose): Promise<void> {
  const known = recall<Known>(keyOf(personId));
  // Without room it stays as it is, and what has a number can still be sent.
  if ((await store.read(jotsOf)).length) await number({ store, drawer }).catch(() => {});
  const { device, there, filing } = await store.read(async (tx) => ({
    device: await meta(tx, "device"),
    there: !known?.last || (await holds(tx, known.last)),
    filing: await countFiled(tx),
  }));
  if (!device) throw new NotOurs("This outbox has lost its device.");
  const count = await drawer.count();
  const inStep = count === null || count === filing;
  const all = inStep ? null : await drawer.all();
  const missing = all ? await missingOf(store, personId, all) : [];
  const before = whatWas(missing) ?? known;
  const same = before?.device === device.id;
  const lost = before && !(same && there) ? before : null;
  const saved = together(missing, lost ? copies(personId) : []);
  for (const written of saved) await add(store, written);
  if (all) await drawer.refill([...(await filed(store)), ...(await unnumbered(store, all))]);
  if (!lost) return;
  const broken = same || device.afterDamage || name !== `roadbook-${personId}`;
  noteLoss(device.id, {
    lost: { device: lost.device, last_seq: lost.seq, why: broken ? "corrupt" : "evicted" },
    gone: Math.max(0, lost.waiting - saved.length),
  });
  remember(keyOf(personId), { ...lost, device: device.id, last: null });
}

/** Second copies that did not answer for a while have again what the database has, and it what only they had. */
export async function catchUp(store: Store, drawer: Drawer, personId: string): Promise<boolean> {
  await store.read(jotsOf); // first of all it opens
  return drawer.catchUp(async (all) => {
    await number({ store, drawer }).catch(() => {}); // without room it stays as it is
    for (const { written } of await missingOf(store, personId, all)) await add(store, written);
    const put = [...(await filed(store)), ...(await unnumbered(store, all))];
    const there = new Set(put.map(({ seq }) => seq));
    const drop = all.map(({ seq }) => seq).filter((seq) => !there.has(seq) && !isLate(seq));
    return { put, drop };
  });
}

/** A full disk leaves some in the drawer and the rest only here; what the server has is told apart by it. */
function together(filed: Filed[], copied: Written[]): Written[] {
  const first = filed.map(({ written }) => written);
  const there = new Set(first.map(({ id }) => id));
  return [...first, ...copied.filter(({ id }) => !there.has(id))];
}

/** Of the database that the drawer was beside; what had a copy in it is not gone. */
function whatWas(missing: Filed[]): Known | null {
  const [last] = missing.filter(({ device }) => device).slice(-1);
  const seq = Math.max(0, Number(last?.seq) || 0); // what is parked has none
  return last ? { device: last.device, seq, waiting: missing.length, last: null } : null;
}

/** Killed in the middle of saving, the drawer may be one ahead: that is put into the database, too. */
function missingOf(store: Store, personId: string, all: Filed[]): Promise<Filed[]> {
  return store.read(async (tx) => {
    // These get their places by themselves, when there is room for them.
    const later = new Set([...(await jotsOf(tx)), ...inJournal(personId)].map(({ id }) => id));
    const held = await Promise.all(all.map(({ written }) => holds(tx, written.id)));
    const first = new Map([...all].reverse().map((one) => [one.written.id, one])); // it may be there twice
    return all.filter((one, place) => {
      const { id } = one.written;
      return !held[place] && !later.has(id) && first.get(id) === one;
    });
  });
}

/** The copies of what still has no number stay as they are. */
async function unnumbered(store: Store, all: Filed[]): Promise<Filed[]> {
  const jots = new Set((await store.read(jotsOf)).map(({ id }) => id));
  return all.filter(({ seq, written }) => typeof seq === "string" && jots.has(written.id));
}

async function holds(tx: Tx, id: string): Promise<boolean> {
  const keys = [tx.objectStore("outbox").getKey(id), tx.objectStore("results").getKey(id)];
  return (await Promise.all(keys)).some((key) => key !== undefined);
}

export async function noteKnown(tx: Tx, personId: string, device: Device): Promise<void> {
  const waiting = tx.objectStore("outbox").index("seq");
  const now: Known = {
    device: device.id,
    seq: device.seq,
    waiting: (await waiting.count()) + (await jotsOf(tx)).length,
    last: (await waiting.openKeyCursor(null, "prev"))?.primaryKey ?? null,
  };
  const before = recall<Known>(keyOf(personId));
  if (JSON.stringify(before) !== JSON.stringify(now)) remember(keyOf(personId), now);
  if (!now.waiting) dropCopies(personId);
}

/** Of everybody else who used this phone, by what their databases were last known to hold. */
export function knownElsewhere(personId: string): number {
  const keys = keysWith(keyOf("")).filter((key) => key !== keyOf(personId));
  return keys.reduce((sum, key) => sum + (recall<Known>(key)?.waiting ?? 0), 0);
}

function keyOf(personId: string): string {
  return `roadbook-known-${personId}`;
}
