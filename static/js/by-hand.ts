// A list that is changed by hand, [data-deeds], stands as it will be: what waits on the phone is done to it,
// and undone when it waits no more. The server's page follows and says the same.

import { type Pending, type Standing, standing } from "./deeds";
import { fill, toggle } from "./shown";
import { sayTimes, secondOf } from "./times";

const STOPS = ":scope > [data-stop]";

export function byHand(page: ParentNode, pending: Pending[]): void {
  for (const list of page.querySelectorAll<HTMLElement>("[data-deeds]")) {
    stand(list, standing(list, pending), page);
  }
}

export function stopsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(STOPS)];
}

/** Those that one may still move. */
export function aheadIn(list: HTMLElement): HTMLElement[] {
  return stopsOf(list).filter(({ hidden, classList }) => {
    return !hidden && !classList.contains("done") && !classList.contains("now");
  });
}

function stand(list: HTMLElement, now: Standing, page: ParentNode): void {
  if (list.querySelector(":scope > .dragged")) return;
  if (!now.any && list.dataset.changed === undefined) return;
  if (list.dataset.changed === undefined) remember(list);
  list.dataset.changed = "";
  addTo(list, now, page);
  fillIn(list, page);
  place(list, now);
  const ended = endHere(list, now);
  for (const row of stopsOf(list)) show(row, now);
  const here = list.querySelector<HTMLElement>(":scope > .now");
  const [next] = aheadIn(list);
  for (const row of stopsOf(list)) row.classList.toggle("next", row === next && !here);
  if (page === document) {
    sayTimes(list, aheadIn(list), now.any);
    tellSketch(list);
  }
  if (!now.any && !ended) delete list.dataset.changed;
}

/** As the server put it. */
function remember(list: HTMLElement): void {
  for (const [rank, row] of stopsOf(list).entries()) row.dataset.rank = String(rank);
}

/** What was added here has a row of its own, out of those that were offered. */
function addTo(list: HTMLElement, { added }: Standing, page: ParentNode): void {
  for (const row of list.querySelectorAll<HTMLElement>(":scope > [data-made]")) {
    if (!added.has(row.dataset.stop ?? "")) row.remove();
  }
  for (const offer of page.querySelectorAll<HTMLElement>("[data-stop]")) {
    if (offer.parentElement !== list) offer.hidden = added.has(offer.dataset.stop ?? "");
  }
  for (const [stop, name] of added) {
    const there = stopsOf(list).some(({ dataset }) => dataset.stop === stop);
    const blank = page.querySelector<HTMLTemplateElement>("#added-stop")?.content.firstElementChild;
    const row = there ? null : (blank?.cloneNode(true) as HTMLElement | undefined);
    if (row) list.append(made(row, stop, name, page));
  }
}

/** What stands once on the page for all rows that have nothing of it yet. */
function fillIn(list: HTMLElement, page: ParentNode): void {
  for (const blank of list.querySelectorAll<HTMLElement>("[data-filled]:empty")) {
    const filling = page.querySelector<HTMLTemplateElement>(`#${blank.dataset.filled}`);
    if (filling) blank.append(filling.content.cloneNode(true));
  }
}

function made(row: HTMLElement, stop: string, name: string, page: ParentNode): HTMLElement {
  const offer = page.querySelector<HTMLElement>(`[data-stop="${CSS.escape(stop)}"]`);
  const { place, takes = "0", open = "?" } = offer?.dataset ?? {};
  Object.assign(row.dataset, { stop, takes, open, name, made: "", rank: "999" });
  if (place) row.dataset.place = place;
  fill(row, { name: name || (offer?.dataset.name ?? "") });
  const link = offer?.querySelector<HTMLAnchorElement>("a[href]");
  if (link) row.querySelector("a")?.setAttribute("href", link.getAttribute("href") ?? "");
  return row;
}

/** Visited first, then as it was put last; what was not put anywhere keeps its place behind. */
function place(list: HTMLElement, { put, begun }: Standing): void {
  const visited = [...begun.values()];
  const rank = ({ dataset: { stop = "", rank } }: HTMLElement) => {
    const [been, put_] = [visited.indexOf(stop), put.indexOf(stop)];
    return been >= 0 ? been - 2_000 : put_ >= 0 ? put_ - 1_000 : Number(rank);
  };
  const rows = stopsOf(list);
  const wanted = [...rows].sort((a, b) => rank(a) - rank(b));
  if (wanted.every((row, at) => row === rows[at])) return;
  for (const row of wanted) list.append(row);
}

/** Where the rep was when the page was made, and has left since. */
function endHere(list: HTMLElement, { ended }: Standing): boolean {
  let any = false;
  for (const row of list.querySelectorAll<HTMLElement>(":scope > [data-begun]")) {
    const left = ended.has(row.dataset.begun ?? "");
    row.classList.toggle("now", !left);
    row.classList.toggle("done", left);
    toggle(row, { ended: left });
    any ||= left;
  }
  return any;
}

function show(row: HTMLElement, { gone, pinned, begun, since, ended }: Standing): void {
  const { stop = "" } = row.dataset;
  const been = [...begun].filter(([, where]) => where === stop).map(([id]) => id);
  const left = been.some((id) => ended.has(id));
  row.hidden = gone.has(stop) && !been.length;
  row.classList.toggle("done", left);
  row.classList.toggle("now", been.length > 0 && !left);
  const came = since.get(stop);
  if (came && !left) row.dataset.came = String(secondOf(came));
  else delete row.dataset.came;
  toggle(row, { pinned: pinned.get(stop) ?? row.dataset.pinned !== undefined, ended: left });
}

/** A map of the list, where there is one, shows it as it stands now. */
function tellSketch(list: HTMLElement): void {
  const shown = stopsOf(list).filter(({ hidden }) => !hidden);
  const been = shown.filter((row) => !aheadIn(list).includes(row));
  const detail = { sequence: shown.map(idOf), been: been.map(idOf) };
  document.dispatchEvent(new CustomEvent("sketch:sequence", { detail }));
}

function idOf({ dataset }: HTMLElement): string {
  return dataset.stop ?? "";
}
