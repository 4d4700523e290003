// [data-opens] opens the dialog of that id for the stop in whose row it stands: [data-fills] gets what the row says,
// [data-hole=name] its name. It closes when something in it was saved; of a form with [data-did] it is said what was
// done, by <template id="did">, beside the button that undoes it.

import { mint } from "./mint";
import type { Saved } from "./outbox/messages";
import { say } from "./say";
import { fill, toggle } from "./shown";

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest<HTMLElement>("[data-opens]");
  const dialog = document.getElementById(opener?.dataset.opens ?? "");
  const row = opener?.closest<HTMLElement>("[data-stop]");
  if (row && dialog instanceof HTMLDialogElement) {
    if (!event.defaultPrevented) open(dialog, row);
    event.preventDefault();
  } else if (event.target.closest("[data-closes]") || event.target.matches("dialog.sheet")) {
    event.target.closest("dialog")?.close();
  }
});

function open(dialog: HTMLDialogElement, row: HTMLElement): void {
  const { name = "", stop = "" } = row.dataset;
  dialog.dataset.about = name;
  fill(dialog, { name });
  for (const field of dialog.querySelectorAll<HTMLInputElement>("[data-fills]")) field.value = stop;
  for (const form of dialog.querySelectorAll<HTMLElement>("[data-puts]")) form.dataset.moved = stop;
  const chip = row.querySelector<HTMLElement>("[data-if=pinned]");
  toggle(dialog, { pinned: chip?.hidden === false, loose: chip?.hidden !== false });
  dialog.showModal();
}

// What a button is about, where its form is about many.
document.addEventListener(
  "submit",
  ({ target, submitter }) => {
    const { about } = submitter?.dataset ?? {};
    if (about && target instanceof HTMLElement) target.dataset.about = about;
  },
  { capture: true },
);

document.addEventListener("outbox:saved", (event) => {
  if (!(event.target instanceof HTMLElement)) return;
  event.target.closest("dialog")?.close();
  const { written } = (event as CustomEvent<Saved>).detail;
  const { did } = event.target.dataset;
  if (did !== undefined) queueMicrotask(() => sayDone(written)); // after what is said of all that is saved
});

/** In the words in which it stands among what waits. */
function sayDone({ id, name, about }: Saved["written"]): void {
  const place = document.getElementById("messages");
  const waits = document.querySelector<HTMLTemplateElement>(`template[data-while="${name}"]`);
  const said = waits?.content.querySelector("p")?.cloneNode(true) as HTMLElement | undefined;
  if (!place || !said) return;
  fill(said, { about });
  say("did");
  fill(place, { did: said.textContent ?? "" });
  for (const field of place.querySelectorAll<HTMLInputElement>("[data-undoes]")) field.value = id;
  mint(place);
}
