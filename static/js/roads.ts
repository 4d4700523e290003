// How far and how long it is by road, as the server reckons it without a road engine.
// tests/contract/course.json holds both to it.

import { apart, type Point } from "./metres";

const HOUR_S = 3_600;
const ALMOST = 1e-6;

/** `speeds` by the hour of the day, 1 being the usual one; none: always the usual one. */
export interface Roads {
  detour: number;
  slowest: number;
  faster: number;
  fastest: number;
  parking: number;
  speeds?: number[];
}

/** Metres by road, and seconds at the usual speed. */
export function travel(from: Point, to: Point, roads: Roads): { metres: number; seconds: number } {
  const metres = Math.round(apart(from, to) * roads.detour);
  const km = metres / 1_000;
  const kmh = Math.min(roads.slowest + roads.faster * km, roads.fastest);
  return { metres, seconds: metres ? Math.ceil((km / kmh) * HOUR_S + roads.parking) : 0 };
}

/** No travel where one of both is not known. */
export function trip(from: Point | null, to: Point | null, roads: Roads) {
  return from && to ? travel(from, to, roads) : { metres: 0, seconds: 0 };
}

/** When a road that takes so many seconds is behind one. */
export function arrival(leave: number, seconds: number, { speeds }: Roads): number {
  if (!speeds || !seconds) return leave + seconds;
  let now = leave;
  let left = seconds;
  for (;;) {
    const hour = Math.floor(now / HOUR_S);
    const speed = speeds[modulo(hour, speeds.length)] ?? 1;
    const rest = (hour + 1) * HOUR_S - now;
    if (left <= rest * speed) return Math.ceil(now + left / speed - ALMOST);
    left -= rest * speed;
    now = (hour + 1) * HOUR_S;
  }
}

/** The last second at which one may leave and is there by then. */
export function departure(by: number, seconds: number, roads: Roads): number {
  if (!roads.speeds || !seconds) return by - seconds;
  let soonest = by - Math.ceil(seconds / Math.min(...roads.speeds)) - 1;
  let latest = by;
  while (soonest < latest) {
    const middle = Math.ceil((soonest + latest) / 2);
    if (arrival(middle, seconds, roads) <= by) soonest = middle;
    else latest = middle - 1;
  }
  return soonest;
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}

/** What stands in the page: [data-detour], [data-slowest] and so on. */
export function roadsOf({ dataset }: HTMLElement): Roads {
  const read = (name: string) => Number(dataset[name]);
  const roads = {
    detour: read("detour"),
    slowest: read("slowest"),
    faster: read("faster"),
    fastest: read("fastest"),
    parking: read("parking"),
  };
  return dataset.speeds ? { ...roads, speeds: dataset.speeds.split(" ").map(Number) } : roads;
}
