// [data-drags] is the handle of a row: what is dragged by it takes another place in its list. By keyboard the
// sheet that the handle opens does the same.

import { aheadIn } from "./by-hand";
import { listOfPage, put, putter, stopsAhead } from "./moves";

const SLIP_PX = 6; // a thumb that taps moves so little
const EDGE_PX = 130;
const SCROLL_PX = 8; // in each frame
const CLICK_MS = 60;

interface Drag {
  handle: HTMLElement;
  row: HTMLElement;
  list: HTMLElement;
  pointer: number;
  from: number;
  y: number;
  /** Where in the row it is held. */
  held: number;
  before: HTMLElement[];
  moving: boolean;
}

let drag: Drag | null = null;
let dropped = 0;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target instanceof Element ? event.target.closest("[data-drags]") : null;
  const row = handle?.closest<HTMLElement>("[data-stop]");
  const list = listOfPage();
  if (!(handle instanceof HTMLElement) || !row || !list || event.button || !event.isPrimary) return;
  const { pointerId: pointer, clientY: from } = event;
  const held = from - row.getBoundingClientRect().top;
  drag = { handle, row, list, pointer, from, y: from, held, before: aheadIn(list), moving: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!drag.moving && Math.abs(event.clientY - drag.from) < SLIP_PX) return;
  if (!drag.moving) begin(drag);
  drag.y = event.clientY;
  follow(drag);
});

function begin(one: Drag): void {
  one.moving = true;
  one.handle.setPointerCapture(one.pointer);
  one.row.classList.add("dragged");
  busy(true);
  onward(one);
}

/** Nothing is fetched meanwhile that would move the rows. */
function busy(now: boolean): void {
  const form = putter();
  if (form) form.ariaBusy = now ? "true" : null;
}

/** The others make room: what is held stays in its place in the document, so that it is not lost. */
function follow({ row, list, held, y }: Drag): void {
  for (let above = next(list, row, -1); above && y < middleOf(above); ) {
    row.after(above);
    above = next(list, row, -1);
  }
  for (let below = next(list, row, 1); below && y > middleOf(below); ) {
    row.before(below);
    below = next(list, row, 1);
  }
  row.style.translate = "";
  row.style.translate = `0 ${Math.round(y - held - row.getBoundingClientRect().top)}px`;
  if (y < EDGE_PX) scrollBy(0, -SCROLL_PX);
  else if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
}

function next(list: HTMLElement, row: HTMLElement, by: number): HTMLElement | undefined {
  const rows = aheadIn(list);
  return rows[rows.indexOf(row) + by];
}

/** At an edge the list goes on under a thumb that keeps still. */
function onward(one: Drag): void {
  if (drag !== one) return;
  if (one.y < EDGE_PX || one.y > innerHeight - EDGE_PX) follow(one);
  requestAnimationFrame(() => onward(one));
}

function middleOf(row: HTMLElement): number {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

document.addEventListener("pointerup", (event) => end(event, true));
document.addEventListener("pointercancel", (event) => end(event, false));

function end({ pointerId }: PointerEvent, kept: boolean): void {
  if (!drag || pointerId !== drag.pointer) return;
  const { row, list, before, moving } = drag;
  drag = null;
  if (!moving) return;
  dropped = performance.now();
  row.classList.remove("dragged");
  row.style.translate = "";
  busy(false);
  const form = putter();
  const changed = aheadIn(list).some((one, at) => one !== before[at]);
  if (kept && changed && form) put(form, stopsAhead(list));
  else for (const one of before) list.append(one);
}

// What was dragged was not tapped.
document.addEventListener(
  "click",
  (event) => {
    const handle = event.target instanceof Element && event.target.closest("[data-drags]");
    if (!handle || performance.now() - dropped > CLICK_MS) return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
