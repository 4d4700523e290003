// [data-signs="<template>"] is signed with a finger on a sheet of its own: what is written stands in its [data-strokes], as an SVG path.
// Signed is what could be seen then: when the form's lines change, the signature goes.

import { say } from "./say";
import { copyOf, fill, toggle } from "./shown";

const NEAR = 3; // of the sheet's own units
const MOST = 12_000; // characters

type Spot = [x: number, y: number];

function strokesOf(place: HTMLElement): HTMLInputElement | null {
  return place.querySelector<HTMLInputElement>("[data-strokes]");
}

function show(place: HTMLElement): void {
  const strokes = strokesOf(place)?.value ?? "";
  place.querySelector("svg path")?.setAttribute("d", strokes);
  toggle(place, { signed: strokes !== "", unsigned: strokes === "" });
}

function write(place: HTMLElement, strokes: string): void {
  const field = strokesOf(place);
  if (!field || field.value === strokes) return;
  field.value = strokes;
  show(place);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What is drawn into the sheet from now on. */
function pen(sheet: SVGSVGElement): { strokes(): string; empty(): void } {
  const line = sheet.querySelector("path");
  let written = "";
  let last: Spot | null = null;

  function spot({ clientX, clientY }: PointerEvent): Spot {
    const { left, top, width, height } = sheet.getBoundingClientRect();
    const { width: w, height: h } = sheet.viewBox.baseVal;
    const within = (at: number, most: number) => Math.round(Math.min(Math.max(at, 0), 1) * most);
    return [within((clientX - left) / width, w), within((clientY - top) / height, h)];
  }

  function draw(kind: "M" | "L", [x, y]: Spot): void {
    const more = `${kind}${x} ${y}`;
    if (written.length + more.length > MOST) return;
    written += more;
    last = [x, y];
    line?.setAttribute("d", written);
  }

  sheet.addEventListener("pointerdown", (event) => {
    sheet.setPointerCapture(event.pointerId);
    const [x, y] = spot(event);
    draw("M", [x, y]);
    draw("L", [x, y]); // a dot is seen, too
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!last || !sheet.hasPointerCapture(event.pointerId)) return;
    const there = spot(event);
    if (Math.hypot(there[0] - last[0], there[1] - last[1]) >= NEAR) draw("L", there);
  });
  return {
    strokes: () => written,
    empty() {
      written = "";
      last = null;
      line?.setAttribute("d", "");
    },
  };
}

function open(place: HTMLElement): void {
  const dialog = copyOf(place.dataset.signs ?? "");
  const sheet = dialog?.querySelector("svg");
  if (!(dialog instanceof HTMLDialogElement) || !sheet) return;
  const total = place.closest("form")?.querySelector('[data-hole="total"]')?.textContent ?? "";
  fill(dialog, { total });
  const { strokes, empty } = pen(sheet);
  dialog.querySelector("[data-empties]")?.addEventListener("click", empty);
  dialog.querySelector("[data-done]")?.addEventListener("click", () => {
    if (strokes()) write(place, strokes());
    dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function placesIn(target: EventTarget | null): HTMLElement[] {
  return target instanceof HTMLElement
    ? [...target.querySelectorAll<HTMLElement>("[data-signs]")]
    : [];
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-sign]") : null;
  const place = button?.closest<HTMLElement>("[data-signs]");
  if (place) open(place);
});
document.addEventListener("lines:laid-out", ({ target }) => placesIn(target).forEach(show));
document.addEventListener("lines:changed", ({ target }) => {
  for (const place of placesIn(target)) {
    if (strokesOf(place)?.value) say("unsigned");
    write(place, "");
  }
});
