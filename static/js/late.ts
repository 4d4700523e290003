// [data-late]: by how much one is late is chosen. What of the day can no longer be kept, in which sequence more of it
// could, what to leave out so that the rest is, what costs least first, and to whom to say so. The day stands in the page that [data-of] names.

import { another, misses } from "./another";
import { along, type Course, compare } from "./course";
import { lateBy } from "./day";
import { here } from "./find";
import { type Ahead, dayIn, type KeptDay } from "./kept-day";
import {
  anotherRow,
  brokenRows,
  keptNotice,
  lessRows,
  type Proposal,
  tellRows,
  type Waiting,
} from "./late-rows";
import { copyOf } from "./shown";
import type { Day } from "./stops";

const PROPOSED = 4;
const PATIENCE_S = 900; // so much later nobody is told
let latest = 0;

async function answer(asks: HTMLElement, chosen: string): Promise<void> {
  const mine = ++latest;
  asks.ariaBusy = "true";
  const kept = await dayIn(asks.dataset.of ?? "").catch(() => null);
  const said = kept ? await told(kept, chosen) : [copyOf("late-no-day")];
  asks.ariaBusy = null;
  if (mine !== latest) return; // something else was chosen meanwhile
  const place = document.getElementById(asks.dataset.late ?? "");
  place?.replaceChildren(...said.flatMap((part) => part ?? []));
}

async function told(kept: KeptDay, chosen: string): Promise<(HTMLElement | null)[]> {
  const [first] = kept.ahead;
  if (!first) return [copyOf("late-none")];
  const day = chosen === "now" ? await now(kept) : later(kept, first, Number(chosen) * 60);
  const reckon = (ahead: Ahead[]) =>
    along(
      day,
      ahead.map(({ stop }) => stop),
      kept.roads,
    );
  const course = reckon(kept.ahead);
  const broken = brokenRows(kept.ahead, course);
  if (!broken) return [keptNotice(course), tellRows(waiting(kept, course))];
  const sequence = another(kept.ahead, chosen === "now" ? 0 : 1, reckon);
  return [
    broken,
    sequence && anotherRow(sequence, reckon(sequence), kept.on),
    lessRows(proposals(kept.ahead, course, reckon), kept.on),
    tellRows(waiting(kept, course)),
  ];
}

/** As it was planned, but the next one is reached so much later. */
function later({ day, stops, roads }: KeptDay, first: Ahead, seconds: number): Day {
  const { lunch } = along(day, stops, roads);
  const eaten = lunch !== null && lunch < first.planned.arrive;
  const depart = first.planned.arrive + seconds;
  const start = first.stop.place ?? day.start;
  return { ...day, lunch: eaten ? null : (day.lunch ?? null), start, depart };
}

async function now({ day }: KeptDay): Promise<Day> {
  const start = (await here()) ?? day.start;
  const at = new Date();
  return { ...day, start, depart: (at.getHours() * 60 + at.getMinutes()) * 60 };
}

/** What to leave out so that more of the rest is kept, or the day ends sooner; what is worth least first, an appointment last. */
function proposals(all: Ahead[], course: Course, reckon: (ahead: Ahead[]) => Course): Proposal[] {
  const found = all.flatMap((ahead) => {
    const without = reckon(all.filter((one) => one !== ahead));
    const [gained, left] = [sooner(without, course), misses(without)];
    const helps = left < misses(course) || without.over < course.over;
    return helps ? [{ ahead, gained, left }] : [];
  });
  const cost = ({ ahead: { row, stop }, gained }: Proposal) => {
    return [Number(stop.fixed !== null), Number(row.dataset.worth ?? 0), -gained];
  };
  return found.sort((a, b) => compare(cost(a), cost(b))).slice(0, PROPOSED);
}

/** By how much at most something is begun sooner, or one is home. */
function sooner(without: Course, course: Course): number {
  const gained = without.halts.map(({ id, start }) => {
    const before = course.halts.find((halt) => halt.id === id);
    return before ? before.start - start : 0;
  });
  return Math.max(0, course.finish - without.finish, ...gained);
}

/** Who is expecting one at a time that was said, first; then who would be seen much earlier otherwise. */
function waiting({ ahead }: KeptDay, { halts }: Course): Waiting[] {
  const told = ahead.flatMap((one, at) => {
    const halt = halts[at];
    if (!halt) return [];
    const late = halt.start - one.planned.start;
    const expected =
      one.stop.fixed !== null ? lateBy(one.row, halt) > 0 : halt.kept && late > PATIENCE_S;
    return expected ? [{ ahead: one, halt }] : [];
  });
  const loose = ({ ahead: { stop } }: Waiting) => Number(stop.fixed === null);
  return told.sort((a, b) => loose(a) - loose(b));
}

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  const asks = target.closest<HTMLElement>("[data-late]");
  if (asks) void answer(asks, target.value);
});

// What was left out is not ahead any more.
document.addEventListener("outbox:saved", () => {
  const asks = document.querySelector<HTMLElement>("[data-late]");
  const chosen = asks?.querySelector<HTMLInputElement>("input:checked");
  if (asks && chosen) void answer(asks, chosen.value);
});
