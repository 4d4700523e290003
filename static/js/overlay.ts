// What is still on the phone, drawn where it belongs: <template data-while="command" data-match="field=value">.
// Without data-each only the first is drawn; [data-unless] hides what it takes the place of.

import { htmx } from "./htmx";
import type { Entry } from "./outbox/messages";

type Fields = [string, string][];

interface Pending {
  entry: Entry;
  fields: Fields;
}

function matching(pending: Pending[], command: string | undefined, match: string): Pending[] {
  const [name = "", value = ""] = match.split("=");
  const fits = (fields: Fields) => fields.some(([key, said]) => key === name && said === value);
  return pending.filter(({ entry, fields }) => entry.name === command && (!match || fits(fields)));
}

function hole({ entry, fields }: Pending, name: string): string {
  if (name === "id") return entry.id;
  const said = fields.filter(([key]) => key === name || key.startsWith(`${name}[`));
  if (said.length > 1) return String(new Set(said.map(([key]) => key.match(/\d+/)?.[0])).size);
  return said[0]?.[1] ?? "";
}

/** What stands in a page for the id that only the phone knows yet: of what is drawn. */
const UNKNOWN_ID = "{entry}";

const drawings = new WeakMap<HTMLTemplateElement, Map<string, HTMLElement[]>>();

function draw(template: HTMLTemplateElement, one: Pending): HTMLElement[] {
  const drawn = template.content.cloneNode(true) as DocumentFragment;
  for (const place of drawn.querySelectorAll<HTMLElement>("[data-hole]")) {
    const words = hole(one, place.dataset.hole ?? "");
    if (place instanceof HTMLInputElement) place.value = words;
    else place.textContent = words;
  }
  for (const name of ["data-match", "href"]) {
    for (const place of drawn.querySelectorAll(`[${name}*="${UNKNOWN_ID}"]`)) {
      const said = place.getAttribute(name) ?? "";
      place.setAttribute(name, said.replace(UNKNOWN_ID, one.entry.id));
    }
  }
  const parts = [...drawn.children] as HTMLElement[];
  template.before(drawn);
  for (const part of parts) {
    // An id of its own, so that a page that is brought up to date takes it for nothing of its own.
    part.id ||= `pending-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    htmx.process(part);
  }
  return parts;
}

export function overlay(entries: Entry[]): void {
  const pending = entries
    .filter(({ state }) => state === "waiting" || state === "sent" || state === "received")
    .map((entry) => ({ entry, fields: (JSON.parse(entry.body) as { fields: Fields }).fields }));
  // Twice, because what is drawn may hold templates of its own.
  for (const _pass of [1, 2]) drawAll(pending);
  for (const place of document.querySelectorAll<HTMLElement>("[data-unless]")) {
    const { unless, match = "" } = place.dataset;
    place.hidden = matching(pending, unless, match).length > 0;
  }
  document.dispatchEvent(new Event("overlay:drawn"));
}

function drawAll(pending: Pending[]): void {
  // A page that was made while the server took something may show it already: [data-id].
  const shown = new Set([...document.querySelectorAll<HTMLElement>("[data-id]")].map(idOf));
  for (const template of document.querySelectorAll<HTMLTemplateElement>("template[data-while]")) {
    const { while: command, match = "", each } = template.dataset;
    const found = matching(pending, command, match);
    const missing = found.filter(({ entry }) => !shown.has(entry.id));
    keepInStep(template, each === undefined ? found.slice(0, 1) : missing);
  }
}

function idOf({ dataset }: HTMLElement): string {
  return dataset.id ?? "";
}

/** What is drawn already stays as it is: somebody may be writing in it. */
function keepInStep(template: HTMLTemplateElement, wanted: Pending[]): void {
  const before = drawings.get(template) ?? new Map<string, HTMLElement[]>();
  const now = new Map<string, HTMLElement[]>();
  for (const one of wanted) {
    const there = before.get(one.entry.id);
    now.set(one.entry.id, there?.every((part) => part.isConnected) ? there : draw(template, one));
  }
  for (const [id, parts] of before) {
    if (now.get(id) !== parts) for (const part of parts) part.remove();
  }
  drawings.set(template, now);
}
