// A form with [data-away="lat,lon"] asks there for a reason when it is sent from further than data-radius metres.

import { apart, metres as distance, type Point } from "./metres";

function read(form: HTMLFormElement, name: string): number {
  const field = form.querySelector<HTMLInputElement>(`[data-position="${name}"]`);
  return field?.value ? Number(field.value) : Number.NaN;
}

function ask(block: HTMLElement, metres: number, accuracy: number): void {
  for (const place of block.querySelectorAll<HTMLElement>("[data-metres]")) {
    place.textContent = distance(place.dataset.metres === "apart" ? metres : accuracy, place);
  }
  block.hidden = false;
  const reason = block.querySelector("textarea");
  if (!reason) return;
  reason.required = true;
  reason.focus();
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    const block = form.querySelector<HTMLElement>("[data-away]");
    if (!block?.hidden || !block.dataset.away) return;
    const [lat, lon, accuracy] = ["lat", "lon", "accuracy"].map((name) => read(form, name));
    const pin = block.dataset.away.split(",").map(Number) as Point;
    const metres = apart(pin, [lat ?? Number.NaN, lon ?? Number.NaN]);
    if (!(metres > Number(block.dataset.radius) + (accuracy ?? 0))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(block, metres, accuracy ?? 0);
  },
  { capture: true },
);

document.addEventListener("reset", ({ target }) => {
  if (!(target instanceof HTMLFormElement)) return;
  const block = target.querySelector<HTMLElement>("[data-away]");
  const reason = block?.querySelector("textarea");
  if (block) block.hidden = true;
  if (reason) reason.required = false;
});
