// A search field with [data-finds] is answered by the phone at once, from what it keeps; the server's answer follows where there is one.
// <template id="found-row"> is one of what is found, with holes; [data-near] asks for the nearest first.
// What an address asks for (?q=…) is looked for here, too, where the phone's own copy stands in its place.

import { shown } from "./fresh";
import { metres as distance, type Point } from "./metres";
import { copyOf, fill } from "./shown";
import { find as ask, type Found } from "./worker";

const LIMIT_MS = 8_000;
const MOST = 200;
let latest = 0;

async function find(form: HTMLFormElement, near: Point | null): Promise<void> {
  const mine = ++latest;
  const { q = "", ...only } = Object.fromEntries(new FormData(form)) as Record<string, string>;
  if (!q.trim() && !near && !Object.values(only).some(Boolean)) return;
  const under = form.dataset.under ?? "";
  const found = await ask({ text: q, under, only, near, most: MOST });
  if (found && mine === latest) show(form, found);
}

function show(form: HTMLFormElement, found: Found[]): void {
  const rows = found.flatMap((one) => draw("found-row", one) ?? []);
  const said = rows.length ? listOf(rows) : copyOf("found-nothing");
  document.getElementById(form.dataset.finds ?? "")?.replaceChildren(said ?? "");
}

export function listOf(rows: HTMLElement[]): HTMLElement {
  const list = document.createElement("ul");
  list.className = "rows";
  list.append(...rows);
  return list;
}

/** A copy of the template, filled with what was found. */
export function draw(template: string, { url, holes, metres }: Found): HTMLElement | null {
  const row = copyOf(template);
  if (!row) return null;
  fill(row, holes);
  for (const link of row.querySelectorAll<HTMLAnchorElement>("a[data-found]")) link.href = url;
  for (const place of row.querySelectorAll<HTMLElement>("[data-class]")) {
    const said = holes[place.dataset.class ?? ""] ?? "";
    if (said) place.classList.add(said.toLowerCase());
    place.hidden = !said;
  }
  for (const place of row.querySelectorAll<HTMLElement>("[data-metres]")) {
    place.hidden = metres === null;
    if (metres !== null) place.textContent = distance(metres, place);
  }
  return row;
}

/** Null where the phone does not say in time. */
export function here(): Promise<Point | null> {
  return new Promise((done) => {
    const how = { enableHighAccuracy: false, timeout: LIMIT_MS, maximumAge: 60_000 };
    const found = ({ coords }: GeolocationPosition) => done([coords.latitude, coords.longitude]);
    navigator.geolocation.getCurrentPosition(found, () => done(null), how);
  });
}

/** Only the phone itself knows what is near. */
function offer(): void {
  const able = Boolean(navigator.serviceWorker?.controller) && "geolocation" in navigator;
  for (const button of document.querySelectorAll<HTMLElement>("[data-near]")) button.hidden = !able;
}

/** The copy is of the address without its question. */
function answer(): void {
  const wanted = [...new URLSearchParams(location.search)].filter(([, value]) => value);
  const form = document.querySelector<HTMLFormElement>("form[data-finds]");
  if (!shown.kept || !wanted.length || !form) return;
  for (const [name, value] of wanted) fieldOf(form, name).value = value;
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".filters a")) {
    link.ariaCurrent = link.search === location.search ? "true" : null;
  }
  void find(form, null);
}

function fieldOf(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.elements.namedItem(name);
  if (found instanceof HTMLInputElement) return found;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name });
  form.append(field);
  return field;
}

offer();
answer();
document.addEventListener("page:kept", answer);
document.addEventListener("htmx:after:swap", offer);
navigator.serviceWorker?.addEventListener("controllerchange", offer);
document.addEventListener("input", ({ target }) => {
  const form = target instanceof HTMLInputElement ? target.form : null;
  if (form?.dataset.finds !== undefined) void find(form, null);
});
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-near]") : null;
  const form = button?.closest<HTMLFormElement>("form[data-finds]");
  if (!button || !form) return;
  button.ariaBusy = "true";
  void here()
    .then((near) => near && find(form, near))
    .finally(() => {
      button.ariaBusy = null;
    });
});
