// How much later each stop may begin, so that everything after it is kept: from the evening to the morning.

import type { Point } from "./metres";
import { departure, type Roads, trip } from "./roads";
import { type Day, type Halt, type Stop, startBy } from "./stops";

export interface Meal {
  from: number;
  to: number;
  seconds: number;
}

export interface Frame {
  meal: Meal | null;
  roads: Roads;
  until: number;
}

interface End {
  halts: Halt[];
  finish: number;
  lunch: number | null;
}

interface Then {
  place: Point | null;
  arrive: number;
  start: number;
  by: number;
}

/** Of halts as they are begun, when one is home, and when lunch is eaten: it stays where it is. */
export function withSlack(day: Day, stops: Stop[], end: End, frame: Frame): Halt[] {
  const { finish, lunch } = end;
  let then: Then = { place: day.end, arrive: finish, start: Number.MAX_VALUE, by: day.until };
  const halts: Halt[] = [];
  for (let at = stops.length - 1; at >= 0; at -= 1) {
    const [stop, halt] = [stops[at], end.halts[at]];
    if (!stop || !halt) break;
    const place = placeAfter(stops, at) ?? day.start;
    const leave = leaveBy(place, halt.leave, lunch, then, frame);
    const by = startBy(stop, leave - stop.takes * 60);
    halts.unshift({ ...halt, slack: by - halt.start });
    then = { place, arrive: halt.arrive, start: halt.start, by };
  }
  return halts;
}

function placeAfter(stops: Stop[], at: number): Point | null {
  const known = stops.slice(0, at + 1).filter(({ place }) => place);
  return known.at(-1)?.place ?? null;
}

function leaveBy(
  place: Point | null,
  left: number,
  lunch: number | null,
  then: Then,
  { meal, roads }: Frame,
): number {
  const { seconds } = trip(place, then.place, roads);
  if (!meal || lunch === null || lunch < left || lunch >= then.start) {
    return departure(then.by, seconds, roads);
  }
  if (lunch >= then.arrive) {
    return departure(Math.min(then.by - meal.seconds, meal.to), seconds, roads);
  }
  return Math.min(departure(then.by, seconds, roads) - meal.seconds, meal.to);
}
