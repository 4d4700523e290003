// Something waits too long: the same one stands first in line while the server's clock went on for hours.

import { recall, remember } from "./beside";

const LONG_MS = 4 * 3_600_000;

/** Times of the server's clock, in milliseconds: this phone's may step. */
interface Line {
  first: string;
  since: number;
  last: number;
}

/** `said` is the server's latest time that is known here, 0 for none. */
export function isStuck(personId: string, first: string | null, said: number): boolean {
  const key = `roadbook-line-${personId}`;
  const before = recall<Line>(key);
  const last = Math.max(said, before?.last ?? 0);
  const same = before?.first === first && before.since > 0;
  const line: Line = { first: first ?? "", since: same ? before.since : last, last };
  if (JSON.stringify(line) !== JSON.stringify(before)) remember(key, line);
  return first !== null && last - line.since > LONG_MS;
}
