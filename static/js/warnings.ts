// Said above the page for as long as it is so: the first <template data-warns="key"> or "key=value" that holds.

import { outbox } from "./kept";
import type { Situation } from "./outbox/messages";

let now: Situation | null = null;

function holds(template: HTMLTemplateElement, situation: Situation): boolean {
  const [key = "", wanted] = (template.dataset.warns ?? "").split("=");
  const said = situation[key as keyof Situation];
  return wanted === undefined ? Boolean(said) : said === wanted;
}

function words(template: HTMLTemplateElement, situation: Situation): DocumentFragment {
  const said = template.content.cloneNode(true) as DocumentFragment;
  for (const place of said.querySelectorAll<HTMLElement>("[data-hole]")) {
    place.textContent = String(situation[place.dataset.hole as keyof Situation] ?? "");
  }
  return said;
}

/** What stands there already is not said again. */
function show(): void {
  const place = document.getElementById("warnings");
  if (!place || !now) return;
  const situation = now;
  const all = [...document.querySelectorAll<HTMLTemplateElement>("template[data-warns]")];
  const first = all.find((template) => holds(template, situation));
  const said = first ? words(first, situation) : document.createDocumentFragment();
  if (said.textContent !== place.textContent) place.replaceChildren(said);
}

document.addEventListener("outbox:changed", (event) => {
  now = (event as CustomEvent<Situation>).detail;
  show();
});
document.addEventListener("htmx:after:swap", show);
document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-was-read]")) outbox?.wasRead();
});
