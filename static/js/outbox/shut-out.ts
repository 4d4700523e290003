// That the server has shut this phone out for somebody: remembered beside the database, so that no page forgets it.

import { forget, recall, remember } from "./beside";
import type { ShutOut } from "./messages";

/** Without the word to wipe, which only an answer gives. */
export function shutOutOf(personId: string): ShutOut | null {
  return recall<ShutOut>(keyOf(personId));
}

/** As the server said last; null: this phone is as any other. */
export function noteShutOut(personId: string, farewell: ShutOut | null): void {
  const before = shutOutOf(personId);
  if (!farewell) {
    if (before) forget(keyOf(personId));
    return;
  }
  const now: ShutOut = { ...farewell, wipe: false };
  if (JSON.stringify(before) !== JSON.stringify(now)) remember(keyOf(personId), now);
}

function keyOf(personId: string): string {
  return `roadbook-shut-out-${personId}`;
}
