// A form knows its command's id from the moment it is on the page, so that two taps are one command.

import { newId } from "./outbox/ids";

export function mint(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-mint]")) {
    if (!field.value) field.value = newId();
  }
}

// When it was written down, said once: a second try of the same command says the same time.
function stamp(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[data-now]");
  if (field && !field.value) field.value = new Date().toISOString();
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target instanceof HTMLFormElement) stamp(event.target);
  },
  { capture: true },
);
document.addEventListener("htmx:after:swap", () => mint(document));
addEventListener("pageshow", () => mint(document));
mint(document);
