// What is said of being late, drawn by the templates of the page.

import { misses } from "./another";
import type { Course } from "./course";
import { lateBy } from "./day";
import type { Ahead } from "./kept-day";
import { mint } from "./mint";
import { clock, copyOf, fill, toggle, words } from "./shown";
import type { Halt } from "./stops";

/** What to leave out: seconds gained, and how many cannot be kept then. */
export interface Proposal {
  ahead: Ahead;
  gained: number;
  left: number;
}

/** Who waits, and when one will be there. */
export interface Waiting {
  ahead: Ahead;
  halt: Halt;
}

export function keptNotice({ finish }: Course): HTMLElement | null {
  const said = copyOf("late-kept");
  if (said) fill(said, { home: words("late-home", { time: timeOf(finish) }) });
  return said;
}

export function brokenRows(all: Ahead[], { halts, finish, over }: Course): HTMLElement | null {
  const rows = all.flatMap((ahead, at) => {
    const halt = halts[at];
    return halt && (!halt.kept || lateBy(ahead.row, halt))
      ? [rowOf("late-broken-row", ahead, { said: why(ahead, halt) })]
      : [];
  });
  const home = over > 0 ? copyOf("late-home-row") : null;
  const said = words("late-over", {
    time: timeOf(finish),
    minutes: Math.max(1, Math.floor(over / 60)),
  });
  if (home) fill(home, { said });
  return section("late-broken", [...rows, home]);
}

function why({ row }: Ahead, halt: Halt): string {
  const { arrive, start, shut } = halt;
  const time = timeOf(start);
  if (row.dataset.agreed !== undefined) {
    const at = timeOf(Number(row.dataset.agreed) * 60);
    return words("late-fixed", { at, time, minutes: lateBy(row, halt) });
  }
  const [since] = shut ?? [0];
  if (!since) return words("late-closed");
  return words(arrive < since ? "late-short" : "late-shut", { since: timeOf(since), time });
}

/** With a form that takes this sequence, on that day. */
export function anotherRow(all: Ahead[], course: Course, on: string): HTMLElement | null {
  const part = copyOf("late-another");
  const form = part?.querySelector("form");
  if (!part || !form) return null;
  const names = all.map(({ row }) => row.querySelector("a")?.textContent ?? "");
  const left = misses(course);
  fill(part, {
    names: names.join(" → "),
    rest: left ? words("late-left", { count: left }) : words("late-all"),
    home: words("late-home", { time: timeOf(course.finish) }),
  });
  part.dataset.about = names[0] ?? "";
  fillFields(form, { on });
  for (const [at, { stop }] of all.entries()) {
    const field = document.createElement("input");
    form.append(
      Object.assign(field, {
        type: "hidden",
        name: `${form.dataset.lists}[${at}]`,
        value: stop.id,
      }),
    );
  }
  mint(part);
  return part;
}

/** Each with a form that leaves it out, on that day. */
export function lessRows(proposals: Proposal[], on: string): HTMLElement | null {
  const part = section(
    "late-less",
    proposals.map((one) => lessRow(one, on)),
  );
  if (part) mint(part);
  return part;
}

function lessRow({ ahead, gained, left }: Proposal, on: string): HTMLElement | null {
  const { worth = "0", expects } = ahead.row.dataset;
  const row = rowOf("late-less-row", ahead, {
    costs: expects
      ? words("late-worth-money", { points: worth, money: expects })
      : words("late-worth", { points: worth }),
    gains: words("late-gains", { minutes: Math.round(gained / 60) }),
    rest: left ? words("late-left", { count: left }) : words("late-whole"),
  });
  row?.querySelector("[data-chips]")?.replaceChildren(...chipsOf(ahead.row));
  if (row) fillFields(row, { on, stop: ahead.stop.id });
  return row;
}

function fillFields(part: HTMLElement, told: Record<string, string>): void {
  for (const field of part.querySelectorAll<HTMLInputElement>("input[data-fills]")) {
    field.setAttribute("value", told[field.dataset.fills ?? ""] ?? "");
  }
}

/** Why it was to be done: what stands there, and what is left out there for want of room. */
function chipsOf(row: HTMLElement): Node[] {
  return [...row.querySelectorAll<HTMLElement>("[data-why]")].flatMap((place) => {
    const parts = place instanceof HTMLTemplateElement ? place.content.children : place.children;
    return [...parts].map((part) => part.cloneNode(true));
  });
}

export function tellRows(all: Waiting[]): HTMLElement | null {
  return section("late-tell", all.map(tellRow));
}

function tellRow({ ahead, halt }: Waiting): HTMLElement | null {
  const [time, before] = [timeOf(halt.start), timeOf(ahead.planned.start)];
  const text = words("late-text", { time });
  const row = rowOf("late-tell-row", ahead, { said: words("late-moved", { time, before }), text });
  const { phone } = ahead.row.dataset;
  row
    ?.querySelector("[data-sms]")
    ?.setAttribute("href", `sms:${phone}?body=${encodeURIComponent(text)}`);
  row?.querySelector("[data-tel]")?.setAttribute("href", `tel:${phone}`);
  row?.querySelector("details")?.toggleAttribute("open", ahead.stop.fixed !== null);
  if (row) toggle(row, { phone: Boolean(phone) });
  return row;
}

function rowOf(template: string, { row: source }: Ahead, holes: Record<string, string>) {
  const row = copyOf(template);
  const link = source.querySelector("a");
  if (!row || !link) return null;
  const name = link.textContent ?? "";
  fill(row, { ...holes, name });
  row.dataset.about = name;
  const heading = [...(link.parentElement?.childNodes ?? [])].map((part) => part.cloneNode(true));
  row.querySelector("[data-heading]")?.replaceChildren(...heading);
  return row;
}

/** Nothing, where it would have no rows. */
function section(template: string, rows: (HTMLElement | null)[]): HTMLElement | null {
  const there = rows.flatMap((row) => row ?? []);
  const part = there.length ? copyOf(template) : null;
  part?.querySelector("[data-rows]")?.append(...there);
  return part;
}

function timeOf(seconds: number): string {
  const at = new Date();
  at.setHours(0, 0, seconds, 0);
  return clock(at);
}
