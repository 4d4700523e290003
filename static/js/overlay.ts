// What is still on the phone, drawn where it belongs: <template data-while="command" data-match="field=value">.
// Without data-each only the first is drawn; [data-unless] hides what it takes the place of.

import { byHand } from "./by-hand";
import type { Pending } from "./deeds";
import { htmx } from "./htmx";
import type { Entry, Field } from "./outbox/messages";

function matching(pending: Pending[], command: string | undefined, match: string): Pending[] {
  const [name = "", value = ""] = match.split("=");
  const fits = (fields: Field[]) => fields.some(([key, said]) => key === name && said === value);
  return pending.filter(({ entry, fields }) => entry.name === command && (!match || fits(fields)));
}

function hole({ entry, fields }: Pending, name: string): string {
  if (name === "id") return entry.id;
  if (name === "about") return entry.about ?? "";
  const said = fields.filter(([key]) => key === name || key.startsWith(`${name}[`));
  if (said.length > 1) return String(new Set(said.map(([key]) => key.match(/\d+/)?.[0])).size);
  return said[0]?.[1] ?? "";
}

/** What stands in a page for the id that only the phone knows yet: of what is drawn. */
const UNKNOWN_ID = "{entry}";

/** Says of a part what it was drawn of: `data-drawn="command entry"`. */
function mark({ entry }: Pending): string {
  return `${entry.name} ${entry.id}`;
}

function draw(template: HTMLTemplateElement, one: Pending, page: ParentNode): void {
  const drawn = template.content.cloneNode(true) as DocumentFragment;
  for (const place of drawn.querySelectorAll<HTMLElement>("[data-hole]")) {
    const words = hole(one, place.dataset.hole ?? "");
    if (place instanceof HTMLInputElement) place.setAttribute("value", words);
    else place.textContent = words;
  }
  for (const name of ["data-match", "href"]) {
    for (const place of drawn.querySelectorAll(`[${name}*="${UNKNOWN_ID}"]`)) {
      const said = place.getAttribute(name) ?? "";
      place.setAttribute(name, said.replace(UNKNOWN_ID, one.entry.id));
    }
  }
  for (const part of [...drawn.children] as HTMLElement[]) {
    part.dataset.drawn = mark(one);
    // An id of its own, and the same in a page that takes this one's place, so that the two are one.
    part.id ||= freeId(`pending-${one.entry.id}`, page, drawn);
    template.before(part);
    if (page === document) htmx.process(part);
  }
}

function freeId(wanted: string, ...places: ParentNode[]): string {
  for (let number = 1; ; number += 1) {
    const id = `${wanted}-${number}`;
    if (!places.some((place) => place.querySelector(`[id="${id}"]`))) return id;
  }
}

/**
 * Drawn in the page, or in one that is about to take its place: what both have drawn stays as it is,
 * also what somebody writes in it.
 */
export function overlay(entries: Entry[], page: ParentNode = document): void {
  const pending = entries
    .filter(({ state }) => state === "waiting" || state === "sent" || state === "received")
    .map((entry) => ({ entry, fields: (JSON.parse(entry.body) as { fields: Field[] }).fields }));
  // Twice, because what is drawn may hold templates of its own.
  for (const _pass of [1, 2]) drawAll(pending, page);
  for (const place of page.querySelectorAll<HTMLElement>("[data-unless]")) {
    const { unless, match = "" } = place.dataset;
    place.hidden = matching(pending, unless, match).length > 0;
  }
  byHand(page, pending);
  if (page === document) document.dispatchEvent(new Event("overlay:drawn"));
}

function drawAll(pending: Pending[], page: ParentNode): void {
  // A page that was made while the server took something may show it already: [data-id].
  const shown = new Set([...page.querySelectorAll<HTMLElement>("[data-id]")].map(idOf));
  for (const template of page.querySelectorAll<HTMLTemplateElement>("template[data-while]")) {
    const { while: command, match = "", each } = template.dataset;
    const found = matching(pending, command, match);
    const missing = found.filter(({ entry }) => !shown.has(entry.id));
    keepInStep(template, each === undefined ? found.slice(0, 1) : missing, page);
  }
}

function idOf({ dataset }: HTMLElement): string {
  return dataset.id ?? "";
}

/** What is drawn already stays as it is: somebody may be writing in it. */
function keepInStep(template: HTMLTemplateElement, wanted: Pending[], page: ParentNode): void {
  const before = drawnOf(template);
  const there = new Set(before.map(({ dataset }) => dataset.drawn));
  const marks = new Set<string | undefined>(wanted.map(mark));
  for (const part of before) if (!marks.has(part.dataset.drawn)) part.remove();
  for (const one of wanted) if (!there.has(mark(one))) draw(template, one, page);
}

/** What was drawn of a template stands before it, with what was drawn of templates in that. */
function drawnOf(template: HTMLTemplateElement): HTMLElement[] {
  const parts: HTMLElement[] = [];
  let part = template.previousElementSibling;
  while (part instanceof HTMLElement && part.dataset.drawn) {
    if (part.dataset.drawn.startsWith(`${template.dataset.while} `)) parts.unshift(part);
    part = part.previousElementSibling;
  }
  return parts;
}
