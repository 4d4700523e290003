// How much other people have waiting on this phone: counted, never read.

import { keysWith } from "./beside";
import { allDatabases, countWaiting } from "./databases";
import { knownElsewhere } from "./known";

export async function others(personId: string): Promise<number> {
  const names = await allDatabases().catch(() => null);
  if (!names) return knownElsewhere(personId) + notedElsewhere(personId);
  const theirs = names.filter((name) => !name.startsWith(`roadbook-${personId}`));
  const counts = await Promise.all(theirs.map((name) => countWaiting(name).catch(() => 0)));
  return counts.reduce((sum, count) => sum + count, notedElsewhere(personId));
}

function notedElsewhere(personId: string): number {
  const start = "roadbook-journal-";
  return keysWith(start).filter((key) => !key.startsWith(start + personId)).length;
}
