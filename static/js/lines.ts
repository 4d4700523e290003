// Lines with amounts, put together by the phone itself: form[data-lines="<field>"]. What can be in a line is looked up in what
// the phone keeps, at data-goods; where it keeps nothing, the server is asked (data-lays-out, hx-post).

import { mint } from "./mint";
import type { Draft, Field } from "./outbox/messages";
import { many, shown, times } from "./reckon";
import { say } from "./say";
import { clock, copyOf, fill, toggle, words } from "./shown";
import { asOf, type Found, lookUp } from "./worker";

const MOST = 200;

/** What a line is of: prices in minor units, by units, the usual one first. */
export interface Thing {
  key: string;
  name: string;
  code: string;
  barcode: string;
  meta: string;
  units: [unit: string, minor: number][];
  currency: string;
}

export interface Line {
  thing: Thing;
  unit: string;
  many: string;
}

export function thingOf({ holes }: Found): Thing {
  const { key = "", name = "", code = "", barcode = "", meta = "", currency = "" } = holes;
  return { key, name, code, barcode, meta, currency, units: JSON.parse(holes.units ?? "[]") };
}

export async function thingsOf(form: HTMLFormElement, keys: string[]): Promise<Thing[] | null> {
  const found = await lookUp(keys.map((key) => `${form.dataset.goods}${key}`));
  return found?.map(thingOf) ?? null;
}

export function money(form: HTMLFormElement, minor: number): string {
  const { currency = "", digits = "2" } = form.dataset;
  return shown(minor, currency, Number(digits), document.documentElement.lang);
}

/** False when there are too many already. */
export function add(form: HTMLFormElement, { thing, unit, many: count }: Line): boolean {
  const rows = sheet(form)?.querySelector("[data-rows]");
  const row = copyOf("lines-row");
  if (!rows || !row || rowsOf(form).length >= MOST) return false;
  form.dataset.currency = thing.currency;
  const minor = new Map(thing.units).get(unit) ?? 0;
  fill(row, { name: thing.name, each: `${money(form, minor)}/${unit}` });
  const values: Record<string, string> = {
    key: thing.key,
    unit,
    minor: String(minor),
    many: count,
  };
  for (const field of row.querySelectorAll<HTMLInputElement>("[data-value]")) {
    field.value = values[field.dataset.value ?? ""] ?? "";
  }
  for (const place of row.querySelectorAll("[aria-label]")) {
    place.ariaLabel = place.ariaLabel?.replace("#", thing.name) ?? null;
  }
  rows.append(row);
  changed(form);
  return true;
}

/** False where the phone cannot, and nothing was done. What there is no more is left out, and said. */
export async function layOut(form: HTMLFormElement, { fields, id }: Draft): Promise<boolean> {
  const wanted = linesIn(fields);
  const found = await thingsOf(form, [...new Set(wanted.map(({ key = "" }) => key))]);
  const things = new Map(found?.map((thing) => [thing.key, thing]));
  const lines = wanted.flatMap((line) => lineOf(things, line) ?? []);
  if (!found || !lines.length) return false;
  if (lines.length < wanted.length) say("lines-missing");
  for (const line of lines) add(form, line);
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && !field.value) field.value = value;
  }
  const own = form.querySelector<HTMLInputElement>("input[data-mint]");
  if (own && id) own.value = id;
  form.dispatchEvent(new Event("lines:laid-out", { bubbles: true }));
  return true;
}

type Values = Partial<Record<string, string>>;

/** What the fields of each line are for, by the names that they have in the template. */
function linesIn(fields: Field[]): Values[] {
  const inputs = copyOf("lines-row")?.querySelectorAll<HTMLInputElement>("[data-value]") ?? [];
  const meant = new Map([...inputs].map((one) => [one.name, one.dataset.value ?? ""]));
  const lines: Values[] = [];
  for (const [name, value] of fields) {
    const kind = meant.get(name.replace(/\[\d+\]/, "[#]"));
    const at = Number(/\[(\d+)\]/.exec(name)?.[1]);
    if (!kind || Number.isNaN(at) || at >= MOST) continue;
    lines[at] = { ...lines[at], [kind]: value };
  }
  return lines.filter(Boolean);
}

function lineOf(things: Map<string, Thing>, { key, unit, many: count }: Values): Line | null {
  const thing = things.get(key ?? "");
  const [usual] = thing?.units ?? [];
  const sold = thing?.units.find(([one]) => one === unit) ?? (unit ? undefined : usual);
  return thing && sold ? { thing, unit: sold[0], many: many(count ?? "") ?? "1" } : null;
}

function rowsOf(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("[data-row]")];
}

/** What the lines stand in; put there with the first of them. */
function sheet(form: HTMLFormElement): HTMLElement | null {
  const there = form.querySelector<HTMLElement>("[data-once]");
  if (there) return there;
  const fresh = copyOf("lines-sheet");
  if (!fresh) return null;
  form.append(fresh);
  mint(form);
  void asOf().then((at) => {
    if (!at) return;
    fill(fresh, { "as-of": clock(new Date(at)) });
    toggle(fresh, { reckoned: true });
  });
  return fresh;
}

/** Numbers and amounts are right again, and the draft is kept. */
function changed(form: HTMLFormElement): void {
  const rows = rowsOf(form);
  let total = 0;
  for (const [at, row] of rows.entries()) {
    for (const field of row.querySelectorAll<HTMLInputElement>("[name]")) {
      field.name = field.name.replace(/\[[#\d]+\]/, `[${at}]`);
    }
    const amount = times(Number(valueIn(row, "minor")), valueIn(row, "many"));
    fill(row, { amount: money(form, amount) });
    total += amount;
  }
  if (rows.length) {
    fill(form, { count: rows.length, total: money(form, total) });
    toggle(form, { one: rows.length === 1, several: rows.length !== 1 });
  } else form.querySelector("[data-once]")?.remove();
  form.dispatchEvent(new Event("lines:changed", { bubbles: true }));
  form.querySelector("input")?.dispatchEvent(new Event("input", { bubbles: true }));
}

function valueIn(row: HTMLElement, name: string): string {
  return row.querySelector<HTMLInputElement>(`[data-value="${name}"]`)?.value ?? "";
}

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.value !== "many") return;
  const form = target.closest<HTMLFormElement>("form[data-lines]");
  if (!form) return;
  const plain = many(target.value);
  target.setCustomValidity(plain ? "" : words("lines-many"));
  target.ariaInvalid = plain ? null : "true";
  if (plain === null) {
    target.reportValidity();
    return;
  }
  target.value = plain;
  changed(form);
});

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-drops]") : null;
  const row = button?.closest<HTMLElement>("[data-row]");
  const form = row?.closest<HTMLFormElement>("form[data-lines]");
  if (!row || !form) return;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  changed(form);
  next?.querySelector<HTMLElement>("[data-drops]")?.focus();
});
