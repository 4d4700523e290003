// Nothing of a person stays on this phone. Whatever else keeps something of theirs here is added to PLACES.

import { forget, keysWith, recall, remember } from "./beside";
import { allDatabases, deleteDatabases } from "./databases";
import { deleteDrawer } from "./drawer";
import type { Proof } from "./messages";
import { proven } from "./post";
import { databasesOf } from "./quarantine";

const ADDRESS = "/sync/wiped";
const MEDIA = "application/vnd.roadbook.sync+json";
const WIPING = "roadbook-wiping-";
const LIMIT_MS = 20_000;

/** Each resolves when nothing is left there; the last one is beside the database, where the others look things up. */
const PLACES: ((personId: string) => Promise<void>)[] = [
  deletePagesAndPictures,
  deleteOutboxes,
  deleteDrawer,
  deleteCaches,
  forgetAll,
];

/** What is left to do, and later to tell: it holds nothing that somebody wrote. */
interface Wiping extends Proof {
  done: boolean;
}

/** A kill in between is made good by the next page, whoever is signed in there; so is a receipt that did not arrive. */
export async function wipe(personId: string, proof: Proof): Promise<void> {
  remember(WIPING + personId, { ...proof, done: false } satisfies Wiping);
  await finish(personId);
}

/** What a kill has left half deleted. */
export function isHalfWiped(personId: string): boolean {
  return recall<Wiping>(WIPING + personId)?.done === false;
}

export async function finishAll(): Promise<void> {
  for (const key of keysWith(WIPING)) await finish(key.slice(WIPING.length)).catch(() => {});
}

async function finish(personId: string): Promise<void> {
  const wiping = recall<Wiping>(WIPING + personId);
  if (!wiping) return;
  if (!wiping.done) {
    for (const empty of PLACES) await empty(personId);
    // What is written here from now on is new, and is not to be touched.
    remember(WIPING + personId, { ...wiping, done: true } satisfies Wiping);
  }
  if (await told(wiping)) forget(WIPING + personId);
}

/** The worker opens them no more: it was told whose pages are not shown. */
async function deletePagesAndPictures(personId: string): Promise<void> {
  await deleteDatabases([`pack-${personId}`, `photos-${personId}`]);
}

async function deleteOutboxes(personId: string): Promise<void> {
  const all = (await allDatabases().catch(() => null)) ?? databasesOf(personId);
  await deleteDatabases(all.filter((name) => name.startsWith(`roadbook-${personId}`)));
}

async function deleteCaches(personId: string): Promise<void> {
  const names = (await globalThis.caches?.keys().catch(() => [])) ?? [];
  const mine = names.filter((name) => name.includes(personId));
  await Promise.all(mine.map((name) => caches.delete(name)));
}

async function forgetAll(personId: string): Promise<void> {
  const { device = "" } = recall<Wiping>(WIPING + personId) ?? {};
  const named = (key: string) => key.includes(personId) || (device && key.includes(device));
  const mine = keysWith("roadbook-").filter((key) => named(key) && !key.startsWith(WIPING));
  for (const key of mine) forget(key);
}

/** Any answer of the server's own is the last word: it knows, or does not want to. */
async function told({ device, proof }: Proof): Promise<boolean> {
  const answer = await fetch(`${ADDRESS}?device=${device}`, {
    method: "POST",
    headers: proven({ device, proof }),
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch(() => null);
  const ours = answer?.headers.get("Content-Type")?.startsWith(MEDIA) ?? false;
  return ours && (answer?.status ?? 500) < 500 && answer?.status !== 429;
}
