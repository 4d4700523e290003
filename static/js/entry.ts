// What is typed to be added to lines: form[data-adds="<form>"]. Suggestions, choices and sentences come from the phone where it
// keeps what lines are of; elsewhere from the server.

import { add, type Line, money, type Thing, thingOf, thingsOf } from "./lines";
import { many } from "./reckon";
import { copyOf, fill, words } from "./shown";
import { find } from "./worker";

const MOST = 20;
const passing = new WeakSet<HTMLFormElement>();
let able = false;
let latest = 0;

class Wrong extends Error {}

async function suggest(field: HTMLInputElement): Promise<void> {
  const form = linesOf(field.dataset.suggests);
  if (!form) return;
  const mine = ++latest;
  const things = await matches(form, field.value);
  able = things !== null;
  if (things && mine === latest) offer(field, form, field.value.trim() ? things : []);
}

function linesOf(id: string | undefined): HTMLFormElement | null {
  const form = document.getElementById(id ?? "");
  return form instanceof HTMLFormElement ? form : null;
}

/** Those that are called just so come first. */
async function matches(form: HTMLFormElement, text: string): Promise<Thing[] | null> {
  const under = form.dataset.goods ?? "";
  const found = await find({ text, under, only: {}, near: null, most: MOST });
  if (!found) return null;
  const things = found.map(thingOf);
  return [
    ...things.filter((one) => isCalled(one, text)),
    ...things.filter((one) => !isCalled(one, text)),
  ];
}

function isCalled({ name, code, barcode }: Thing, text: string): boolean {
  return [name, code, barcode].includes(text.trim());
}

function offer(field: HTMLInputElement, form: HTMLFormElement, things: Thing[]): void {
  const list = document.getElementById(field.getAttribute("aria-controls") ?? "");
  list?.replaceChildren(...things.flatMap((thing) => option(form, thing) ?? []));
  field.ariaExpanded = String(things.length > 0);
}

function option(form: HTMLFormElement, thing: Thing): HTMLElement | null {
  const made = copyOf("lines-suggestion");
  const [usual] = thing.units;
  if (!made || !usual) return null;
  form.dataset.currency = thing.currency;
  const priced = ([unit, minor]: [string, number]) => `${money(form, minor)}/${unit}`;
  fill(made, { name: thing.name, meta: thing.meta, each: priced(usual) });
  for (const part of made.querySelectorAll<HTMLDataElement>("data[data-value]")) {
    part.value = part.dataset.value === "key" ? thing.key : thing.name;
  }
  const units = made.querySelector<HTMLTemplateElement>("template[data-units]");
  const said = thing.units.map(
    ([unit, minor]) => new Option(`${unit} · ${money(form, minor)}`, unit),
  );
  units?.content.replaceChildren(...said);
  return made;
}

/** False where only the server can. Throws Wrong, with a sentence. */
async function enter(form: HTMLFormElement, lines: HTMLFormElement): Promise<boolean> {
  const [key, text, unit] = ["key", "text", "unit"].map((name) => fieldOf(form, name)?.value ?? "");
  const count = many(fieldOf(form, "many")?.value ?? "");
  if (count === null) throw new Wrong(words("lines-many"));
  const things = key ? await thingsOf(lines, [key]) : await matches(lines, text ?? "");
  if (!things || (key && !things.length)) return false;
  const thing = chosen(form, lines, things, text ?? "");
  const [usual] = thing.units;
  const sold = thing.units.find(([one]) => one === unit) ?? usual;
  if (!sold) return false;
  const line: Line = { thing, unit: sold[0], many: count };
  if (!add(lines, line)) throw new Wrong(words("lines-full", { most: 200 }));
  return true;
}

function chosen(
  form: HTMLFormElement,
  lines: HTMLFormElement,
  things: Thing[],
  text: string,
): Thing {
  const exact = things.filter((one) => isCalled(one, text));
  const [first, second] = exact.length ? exact : things;
  if (!text.trim()) throw new Wrong(words("lines-empty"));
  if (!first) throw new Wrong(words("lines-none", { text }));
  if (!second) return first;
  const field = fieldOf(form, "text");
  if (field instanceof HTMLInputElement) offer(field, lines, things);
  throw new Wrong(words("lines-several", { text }));
}

function fieldOf(form: HTMLFormElement, name: string): HTMLInputElement | HTMLSelectElement | null {
  return form.querySelector(`[data-value="${name}"]`);
}

function empty(form: HTMLFormElement): void {
  for (const name of ["key", "text"]) {
    const field = fieldOf(form, name);
    if (field) field.value = "";
  }
  const [count, unit, text] = ["many", "unit", "text"].map((name) => fieldOf(form, name));
  if (count) count.value = "1";
  unit?.replaceChildren();
  unit?.closest<HTMLElement>(".field")?.setAttribute("hidden", "");
  if (text instanceof HTMLInputElement) offer(text, form, []);
  text?.focus();
}

function complain(form: HTMLFormElement, sentence: string): void {
  const field = fieldOf(form, "text");
  form.querySelector("[data-wrong]")?.remove();
  if (!field) return;
  field.ariaInvalid = sentence ? "true" : null;
  const said = sentence && copyOf("lines-wrong");
  if (!said) return;
  fill(said, { said: sentence });
  field.after(said);
  field.setAttribute("aria-describedby", said.id);
  field.focus();
}

async function submit(
  form: HTMLFormElement,
  lines: HTMLFormElement,
  submitter: HTMLElement | null,
): Promise<void> {
  try {
    if (await enter(form, lines)) {
      complain(form, "");
      empty(form);
      return;
    }
    passing.add(form);
    form.requestSubmit(submitter);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    complain(form, error.message);
  }
}

document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset.suggests) void suggest(target);
});

// The phone has answered already.
document.addEventListener("htmx:before:request", (event) => {
  const { target } = event;
  if (able && target instanceof HTMLElement && target.dataset.suggests) event.preventDefault();
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || passing.delete(form)) return;
    const lines = linesOf(form.dataset.adds);
    if (!lines || !navigator.serviceWorker?.controller) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void submit(form, lines, event.submitter);
  },
  { capture: true },
);
