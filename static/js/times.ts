// The times of a list's stops in the order in which they stand, by the phone's own reckoning; as the server
// said them where nothing was changed. [data-way] and [data-sum] say what stands where.

import { along, type Course } from "./course";
import { type Laid, laidOut, lateBy, stopOf } from "./day";
import { dayOf } from "./deeds";
import { metres, type Point } from "./metres";
import type { Roads } from "./roads";
import { toggle, words } from "./shown";
import type { Halt } from "./stops";

const STEP_S = 300;
const LITTLE_S = 900;
const MINUTE_S = 60;

export function sayTimes(list: HTMLElement, ahead: HTMLElement[], changed: boolean): void {
  const sum = document.getElementById(list.getAttribute("aria-describedby") ?? "");
  if (!changed) {
    restore([list, sum?.parentElement ?? null]);
    rest(list);
    return;
  }
  const { day, roads } = asItIs(list);
  const course = along(day, ahead.map(stopOf), roads);
  for (const [at, row] of ahead.entries()) {
    const [halt, then] = [course.halts[at], course.halts[at + 1]];
    if (halt) sayHalt(row, halt, then, roads);
    if (halt) sayLate(row, halt);
  }
  const { lunch, halts } = course;
  const after = lunch === null ? -1 : halts.findIndex(({ start }) => start > lunch);
  rest(list, ahead[after] ?? null, lunch);
  if (sum) saySum(sum, course, list);
}

/** Puts [data-rest], which is no stop, before a row or at the end; without a time where it was at first. */
function rest(list: HTMLElement, before?: Element | null, at: number | null = null): void {
  const pause = list.querySelector<HTMLElement>(":scope > [data-rest]");
  if (!pause) return;
  pause.hidden = before !== undefined && at === null;
  const first = list.querySelector(`[data-stop="${CSS.escape(pause.dataset.rest ?? "")}"]`);
  list.insertBefore(pause, before === undefined ? first : before);
  if (at !== null) say(pause, "[data-way=arrive]", () => clock(at));
}

/** From where one was last, and where the list is of today from now on, or from when a visit that has begun usually ends. */
export function asItIs(list: HTMLElement): Pick<Laid, "day" | "roads"> {
  const { day, roads } = laidOut(list);
  const been = [...list.querySelectorAll<HTMLElement>(":scope > [data-stop]:is(.done, .now)")];
  const start = been.flatMap(pointsOf).at(-1) ?? day.start;
  const now = list.dataset.on === dayOf(new Date()) ? secondsNow() : 0;
  const free = Math.max(now, ...been.map(leaves));
  const depart = free < day.until ? Math.max(day.depart, free) : day.depart;
  return { day: { ...day, start, depart }, roads };
}

/** The second at which a visit that has begun here usually ends. */
function leaves(row: HTMLElement): number {
  const { came } = row.dataset;
  return came === undefined ? 0 : Number(came) + stopOf(row).takes * MINUTE_S;
}

function pointsOf(row: HTMLElement): Point[] {
  const { place } = stopOf(row);
  return place ? [place] : [];
}

function secondsNow(): number {
  return Math.floor(secondOf(new Date()) / STEP_S) * STEP_S;
}

/** Of its day, by the phone's own clock. */
export function secondOf(at: Date): number {
  return at.getHours() * 3_600 + at.getMinutes() * MINUTE_S + at.getSeconds();
}

function sayHalt(row: HTMLElement, halt: Halt, then: Halt | undefined, roads: Roads): void {
  const left = leftOver(row, halt, then);
  const [begins, ends] = halt.shut ?? [0, null];
  const hours = { begins: clock(begins), ends: ends === null ? "" : clock(ends) };
  say(row, "[data-way=arrive]", () => clock(halt.start));
  say(row, "[data-way=metres]", (place) => metres((halt.metres ?? 0) / roads.detour, place));
  say(row, "[data-way=shut]", () => words(ends === null ? "shut-from" : "shut", hours));
  say(row, "[data-way=spare]", () =>
    words("spare", { minutes: Math.floor((left ?? 0) / MINUTE_S) }),
  );
  toggle(row, { shut: !halt.kept && halt.shut !== null, spare: left !== null });
}

/** Little time, in seconds, that is lost here; of what was agreed, that between arriving and beginning. */
function leftOver(row: HTMLElement, halt: Halt, then: Halt | undefined): number | null {
  const agreed = stopOf(row).fixed !== null;
  const own = agreed ? !lateBy(row, halt) : halt.kept && (!then || halt.slack < then.slack);
  const left = agreed ? halt.start - halt.arrive : halt.slack;
  return own && left >= 0 && left < LITTLE_S ? left : null;
}

/** For what was to begin at a minute that was agreed. */
function sayLate(row: HTMLElement, halt: Halt): void {
  const minutes = lateBy(row, halt);
  const said = minutes === 1 ? "minute-late" : "minutes-late";
  say(row, "[data-way=late]", () => words(said, { minutes }));
  toggle(row, { late: minutes > 0 });
}

function saySum(sum: HTMLElement, course: Course, list: HTMLElement): void {
  const all = list.querySelectorAll(":scope > :not([hidden], template, [data-rest])").length;
  say(sum, "[data-sum=stops]", () => words(all === 1 ? "stop" : "stops", { num: all }));
  say(sum, "[data-sum=metres]", (place) => metres(course.metres, place));
  const minutes = Math.ceil(course.seconds / MINUTE_S);
  say(sum.parentElement ?? sum, "[data-sum=road]", () => words("road", { minutes }));
  say(sum, "[data-sum=finish]", () => words("back", { time: clock(course.finish) }));
}

function say(part: HTMLElement, place: string, what: (place: HTMLElement) => string): void {
  for (const one of part.querySelectorAll<HTMLElement>(place)) {
    one.dataset.before ??= one.textContent;
    one.textContent = what(one);
  }
}

function restore(parts: (HTMLElement | null)[]): void {
  for (const place of parts.flatMap((part) => [
    ...(part?.querySelectorAll<HTMLElement>("[data-before]") ?? []),
  ])) {
    const before = place.dataset.before ?? "";
    place.textContent = before;
    delete place.dataset.before;
    const chip = place.closest<HTMLElement>("[data-if]");
    if (chip) chip.hidden = !before;
  }
}

function clock(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / MINUTE_S);
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}
