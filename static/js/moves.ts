// A form with [data-puts] sends the list of the page in the order in which it stands, field by field under that name:
// with [data-moves] on its button that much further up or down, or first.

import { aheadIn } from "./by-hand";

const wanted = new WeakMap<HTMLFormElement, string[]>();

/** Sends this order. */
export function put(form: HTMLFormElement, stops: string[]): void {
  wanted.set(form, stops);
  form.requestSubmit();
}

export function listOfPage(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-deeds]");
}

/** The form that tells the list's order. */
export function putter(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-puts]:has([data-moves])");
}

export function stopsAhead(list: HTMLElement): string[] {
  return aheadIn(list).map(({ dataset }) => dataset.stop ?? "");
}

function moved(stops: string[], one: string, by: string): string[] {
  const rest = stops.filter((stop) => stop !== one);
  const at = by === "first" ? 0 : Math.max(0, stops.indexOf(one) + Number(by));
  rest.splice(at, 0, one);
  return rest;
}

export function isSame(stops: string[], others: string[]): boolean {
  return stops.every((stop, at) => stop === others[at]);
}

document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    const list = listOfPage();
    if (!(form instanceof HTMLFormElement) || !form.dataset.puts || !list) return;
    const now = stopsAhead(list);
    const { moves } = submitter?.dataset ?? {};
    const asked = moves ? moved(now, form.dataset.moved ?? "", moves) : now;
    const stops = wanted.get(form) ?? asked;
    if (moves && isSame(stops, now)) {
      event.preventDefault(); // it stands so already
      event.stopImmediatePropagation();
      form.closest("dialog")?.close();
    }
    wanted.delete(form);
    for (const old of form.querySelectorAll("[data-listed]")) old.remove();
    form.append(...stops.map((stop, at) => field(`${form.dataset.puts}[${at}]`, stop)));
  },
  { capture: true },
);

function field(name: string, value: string): HTMLInputElement {
  const made = document.createElement("input");
  Object.assign(made, { type: "hidden", name, value });
  made.dataset.listed = "";
  return made;
}
