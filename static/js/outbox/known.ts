// What is remembered of a database beside it. What the browser threw away is put back from the copies.

import { keysWith, recall, remember } from "./beside";
import { copies, dropCopies } from "./copies";
import { noteLoss } from "./loss";
import { add } from "./queue";
import { type Device, meta, NotOurs, type Store, type Tx } from "./store";

/** As it was when it was last looked at; `last` is the id of what was written last and still waited. */
interface Known {
  device: string;
  seq: number;
  waiting: number;
  last: string | null;
}

/** Done whenever a database opens: what was lost has its place before what is written next. */
export async function makeWhole(store: Store, personId: string, name: string): Promise<void> {
  const known = recall<Known>(keyOf(personId));
  const { device, there } = await store.read(async (tx) => ({
    device: await meta(tx, "device"),
    there: !known?.last || (await holds(tx, known.last)),
  }));
  if (!device) throw new NotOurs("This outbox has lost its device.");
  const same = known?.device === device.id;
  if (!known || (same && there)) return;
  const saved = copies(personId);
  for (const written of saved) await add(store, written);
  const broken = same || device.afterDamage || name !== `roadbook-${personId}`;
  noteLoss(device.id, {
    lost: { device: known.device, last_seq: known.seq, why: broken ? "corrupt" : "evicted" },
    gone: Math.max(0, known.waiting - saved.length),
  });
  remember(keyOf(personId), { ...known, device: device.id, last: null });
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
    waiting: await waiting.count(),
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
