// Who is next, by who can be begun first, as app/planning/route/nearest.py says: tests/contract/course.json
// holds both to it.

import { compare } from "./course";
import type { Point } from "./metres";
import { arrival, type Roads, trip } from "./roads";
import { type Day, opening, type Stop } from "./stops";

interface Here {
  now: number;
  place: Point | null;
}

/** What is pinned keeps its place. Who has no position comes last; no appointment is made impossible that could be kept. */
export function nearestNext(day: Day, stops: Stop[], roads: Roads, pinned: string[]): Stop[] {
  let loose = stops.filter(({ id }) => !pinned.includes(id));
  const done: Stop[] = [];
  let here: Here = { now: day.depart, place: day.start };
  for (const stop of stops) {
    const meant = stops.filter((one) => one.fixed !== null && !done.includes(one));
    const chosen = pinned.includes(stop.id) ? stop : soonest(loose, here, meant, roads);
    loose = loose.filter((one) => one !== chosen);
    done.push(chosen);
    const { leave: now, place } = begun(here, chosen, roads);
    here = { now, place };
  }
  return done;
}

function soonest(stops: Stop[], here: Here, meant: Stop[], roads: Roads): Stop {
  const turns = stops.map((stop) => ({ stop, turn: turnOf(stop, here, meant, roads) }));
  const sooner = (a: (typeof turns)[0], b: (typeof turns)[0]) =>
    compare(a.turn, b.turn) || (a.stop.id < b.stop.id ? -1 : 1);
  return turns.reduce((best, one) => (sooner(one, best) < 0 ? one : best)).stop;
}

/** What is least comes next. */
function turnOf(stop: Stop, here: Here, meant: Stop[], roads: Roads): number[] {
  const { late, start, arrive, leave: now, place } = begun(here, stop, roads);
  const spoils = meant.some(
    (one) =>
      one !== stop && !begun(here, one, roads).late && begun({ now, place }, one, roads).late,
  );
  return [Number(late), Number(spoils), Number(!stop.place), start, arrive];
}

/** Goes to one, without lunch. */
function begun({ now, place }: Here, stop: Stop, roads: Roads) {
  const arrive = arrival(now, trip(place, stop.place, roads).seconds, roads);
  const begins = opening(stop, arrive);
  const start = begins ?? arrive;
  const leave = start + stop.takes * 60;
  return { late: begins === null, start, arrive, leave, place: stop.place ?? place };
}
