// Others who used this phone and were shut out of it: their outboxes hand over what they hold and are wiped, whoever is
// signed in. What is in them is not read here.

import { keysWith, recall, remember } from "./beside";
import { storeOf } from "./connection";
import { proofIn } from "./databases";
import { drainer } from "./drain";
import { type Drawer, drawerOf } from "./drawer";
import { makeWhole } from "./known";
import { leftOver } from "./left-over";
import type { Proof } from "./messages";
import { post } from "./post";
import { databaseOf } from "./quarantine";
import { noteShutOut } from "./shut-out";
import type { Store } from "./store";
import { finishAll, wipe } from "./wipe";

const KNOWN = "roadbook-known-";
const ASKED = "roadbook-asked-";
const SELDOM_MS = 300_000;

/** `personId` is who is signed in, "" for nobody. */
export async function seeOff(personId: string): Promise<void> {
  await finishAll();
  const others = keysWith(KNOWN).map((key) => key.slice(KNOWN.length));
  for (const other of others) {
    if (other !== personId && !justAsked(other)) await ask(other).catch(() => {});
  }
}

/** A clock that was turned back asks once more. */
function justAsked(other: string): boolean {
  const since = Date.now() - (recall<number>(ASKED + other) ?? 0);
  return since >= 0 && since < SELDOM_MS;
}

async function ask(other: string): Promise<void> {
  remember(ASKED + other, Date.now());
  const { device, proof, waiting } = await proofIn(databaseOf(other));
  if (!proof) return;
  const question = { device, entries: [], waiting, held: [], withdrawn: [], secret: true, proof };
  const reply = await post(question, new AbortController());
  if (reply.kind !== "answer" || !reply.shutOut) return;
  noteShutOut(other, reply.shutOut);
  await handOver(other, { device, proof });
}

async function handOver(other: string, proof: Proof): Promise<void> {
  const drawer: Drawer = drawerOf(other);
  const welcome = (store: Store, name: string) =>
    makeWhole(store, { personId: other, name, drawer });
  const store = storeOf(other, welcome);
  const drain = drainer({ store, drawer }, other, () => {});
  await drain.wake(true);
  const left = await leftOver(store, other);
  const farewell = drain.shutOut;
  drain.sleep();
  store.end();
  if (farewell?.wipe && (!left || farewell.late)) await wipe(other, proof);
}
