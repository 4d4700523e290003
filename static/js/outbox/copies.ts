// A second copy of what has not been sent: a browser that is short of room may throw the database away.

import { forget, keysWith, lineUp, recall } from "./beside";
import type { Written } from "./messages";

const MOST = 300;
const LONGEST = 4_000; // letters; the journal must find room beside them

export function copy(personId: string, written: Written): void {
  const length = JSON.stringify(written).length;
  if (length > LONGEST || keysWith(prefix(personId)).length >= MOST) return;
  try {
    lineUp(prefix(personId), written.id, written);
  } catch {
    // It is only the second one.
  }
}

export function copies(personId: string): Written[] {
  return keysWith(prefix(personId)).flatMap((key) => recall<Written>(key) ?? []);
}

/** Once nothing waits any more. */
export function dropCopies(personId: string): void {
  for (const key of keysWith(prefix(personId))) forget(key);
}

function prefix(personId: string): string {
  return `roadbook-copy-${personId}-`;
}
