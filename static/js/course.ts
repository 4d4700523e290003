// Times along stops in a row, whether it can be kept or not, as app/planning/route/course.py
// reckons them: tests/contract/course.json holds both to it.

import { arrival, type Roads, trip } from "./roads";
import { type Frame, type Meal, withSlack } from "./slack";
import { type Day, type Halt, opening, type Stop, shutAt } from "./stops";

export interface Course {
  halts: Halt[];
  metres: number;
  seconds: number;
  finish: number;
  over: number;
  lunch: number | null;
}

interface Leg {
  there: number;
  ready: number;
  road: number;
  lunch: number | null;
}

interface Way {
  broken: number;
  now: number;
  early: number;
  road: number;
  lunch: number | null;
  halts: Halt[];
}

/** Keeps as much as can be of the stops in this row, eating where it fits. */
export function along(day: Day, stops: Stop[], roads: Roads): Course {
  const frame = { meal: mealOf(day), roads, until: day.until };
  let ways: Way[] = [{ broken: 0, now: day.depart, early: 0, road: 0, lunch: null, halts: [] }];
  let here = day.start;
  for (const stop of stops) {
    const { metres, seconds } = trip(here, stop.place, roads);
    const far = stop.place && metres;
    ways = fittest(
      ways.flatMap((way) => legs(way, seconds, frame).map((leg) => halted(way, leg, stop, far))),
    );
    here = stop.place ?? here;
  }
  const last = trip(here, day.end, roads);
  const ends = ways.flatMap((way) => {
    const [dry, ...fed] = legs(way, last.seconds, frame);
    return (fed.length ? fed : [dry]).flatMap((leg) => (leg ? [home(way, leg, frame)] : []));
  });
  const { way, finish, over } = ends.reduce((best, one) => (before(one, best) ? one : best));
  const halts = withSlack(day, stops, { ...way, finish }, frame);
  const metres = halts.reduce((sum, halt) => sum + (halt.metres ?? 0), last.metres);
  return { halts, metres, seconds: way.road, finish, over, lunch: way.lunch };
}

/** The lunch, unless the day begins after it or is over before it. */
function mealOf({ lunch, depart, until }: Day): Meal | null {
  if (!lunch) return null;
  const meal = { from: lunch.from * 60, to: lunch.to * 60, seconds: lunch.minutes * 60 };
  const eaten = Math.max(depart, meal.from) + meal.seconds;
  return depart <= meal.to && meal.from <= meal.to && eaten <= until ? meal : null;
}

/** Goes there without lunch, and, where it was not eaten yet, with it: on arriving, or before leaving. */
function legs(way: Way, seconds: number, { meal, roads }: Frame): Leg[] {
  const there = arrival(way.now, seconds, roads);
  const dry = { there, ready: there, road: there - way.now, lunch: way.lunch };
  if (!meal || way.lunch !== null) return [dry];
  if (there <= meal.to) {
    const lunch = Math.max(there, meal.from);
    return [dry, { ...dry, ready: lunch + meal.seconds, lunch }];
  }
  if (way.now > meal.to) return [dry];
  const lunch = Math.max(way.now, meal.from);
  const left = lunch + meal.seconds;
  const later = arrival(left, seconds, roads);
  return [dry, { there: later, ready: later, road: later - left, lunch }];
}

function halted(way: Way, leg: Leg, stop: Stop, metres: number | null): Way {
  const begins = opening(stop, leg.ready);
  const start = begins ?? leg.ready;
  const leave = start + stop.takes * 60;
  const kept = begins !== null;
  const shut = shutAt(stop, leg.ready);
  const early = stop.early && start <= stop.early.until * 60 ? stop.early.worth : 0;
  const halt = { id: stop.id, arrive: leg.there, start, leave, metres, kept, shut, slack: 0 };
  return {
    broken: way.broken + Number(!kept),
    now: leave,
    early: way.early + early,
    road: way.road + leg.road,
    lunch: leg.lunch,
    halts: [...way.halts, halt],
  };
}

/** Keeps, of those that have eaten and of those that have not, what keeps most, is sooner or gains more. */
function fittest(ways: Way[]): Way[] {
  const rank = (way: Way) => [Number(way.lunch !== null), way.broken, way.now, -way.early];
  const kept: Way[] = [];
  for (const way of ways.sort((a, b) => compare(rank(a), rank(b)))) {
    const last = kept.at(-1);
    const other = !last || (last.lunch === null) !== (way.lunch === null);
    if (other || (way.broken === last.broken && way.early > last.early)) kept.push(way);
  }
  return kept;
}

export function compare(a: number[], b: number[]): number {
  const at = a.findIndex((one, index) => one !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

interface End {
  way: Way;
  finish: number;
  over: number;
}

function home(way: Way, leg: Leg, { meal, until }: Frame): End {
  const over = Math.max(0, leg.ready - until);
  const hungry = meal !== null && leg.lunch === null;
  const broken = way.broken + Number(over > 0) + Number(hungry);
  const ended = { ...way, broken, road: way.road + leg.road, lunch: leg.lunch };
  return { way: ended, finish: leg.there, over };
}

function before(a: End, b: End): boolean {
  const rank = ({ way, finish }: End) => [way.broken, -way.early, finish];
  return compare(rank(a), rank(b)) < 0;
}
