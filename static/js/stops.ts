// A stop of a day, and when it can be begun. Seconds of the day, but for what a person reads: `takes`, `open`,
// `fixed` and the like are minutes of it.

import type { Point } from "./metres";

export type Window = [from: number, to: number];

/** `open`: null where nobody knows, none at all: closed. `early`: worth more when begun by then. */
export interface Stop {
  id: string;
  place: Point | null;
  takes: number;
  open: Window[] | null;
  fixed: number | null;
  early?: { until: number; worth: number } | null;
}

export interface Day {
  start: Point | null;
  depart: number;
  end: Point | null;
  until: number;
  lunch?: { from: number; to: number; minutes: number } | null;
}

/** As in course.py: what cannot be begun in time begins on arriving, and is not `kept`. */
export interface Halt {
  id: string;
  arrive: number;
  start: number;
  leave: number;
  metres: number | null;
  kept: boolean;
  shut: [from: number, to: number | null] | null;
  slack: number;
}

/** When a visit may begin so that it ends before closing, in order; null: at any time. */
function hoursOf({ fixed, open, takes }: Stop): Window[] | null {
  if (fixed !== null) return [[fixed * 60, fixed * 60]];
  if (!open) return null;
  return open.map(([opens, closes]): Window => [opens * 60, Math.max(opens, closes - takes) * 60]);
}

/** When one who is there can begin; null: not any more. */
export function opening(stop: Stop, at: number): number | null {
  const hours = hoursOf(stop);
  if (!hours) return at;
  const begins = hours.filter(([, closes]) => at <= closes).map(([opens]) => Math.max(opens, at));
  return begins.length ? Math.min(...begins) : null;
}

/** The gap of the opening hours into which one falls; an appointment has none. */
export function shutAt(stop: Stop, at: number): Halt["shut"] {
  const hours = hoursOf(stop);
  if (!hours || stop.fixed !== null) return null;
  if (hours.some(([opens, closes]) => opens <= at && at <= closes)) return null;
  const closed = hours.filter(([, closes]) => closes < at).map(([, closes]) => closes);
  const opens = hours.filter(([from]) => from > at).map(([from]) => from);
  const since = closed.length ? Math.max(...closed) + stop.takes * 60 : 0;
  return [since, opens.length ? Math.min(...opens) : null];
}

/** The last moment to begin that is not after this one; this one, when there is none. */
export function startBy(stop: Stop, by: number): number {
  const last = (hoursOf(stop) ?? []).filter(([opens, closes]) => opens <= Math.min(closes, by));
  return last.length ? Math.max(...last.map(([, closes]) => Math.min(closes, by))) : by;
}
