// [data-nearest] puts the list in the order of who is nearest next, from where the phone is; what is pinned stays.

import { aheadIn } from "./by-hand";
import { stopOf } from "./day";
import { here } from "./find";
import { upToDate } from "./kept";
import type { Point } from "./metres";
import { isSame, listOfPage, put, putter, stopsAhead } from "./moves";
import { nearestNext } from "./nearest";
import { asItIs } from "./times";

function arrange(list: HTMLElement, form: HTMLFormElement, near: Point | null): void {
  const { day, roads } = asItIs(list);
  const rows = aheadIn(list);
  const pinned = rows.filter((row) => row.querySelector("[data-if=pinned]:not([hidden])"));
  const names = pinned.map(({ dataset }) => dataset.stop ?? "");
  const from = { ...day, start: near ?? day.start };
  const stops = nearestNext(from, rows.map(stopOf), roads, names);
  const sequence = stops.map(({ id }) => id);
  if (!isSame(sequence, stopsAhead(list))) put(form, sequence);
}

/** Only the phone itself can do it. */
function offer(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-nearest]")) {
    button.hidden = !("geolocation" in navigator);
  }
}

offer();
document.addEventListener("htmx:after:swap", offer);
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-nearest]") : null;
  const [list, form] = [listOfPage(), putter()];
  if (!button || !list || !form) return;
  button.ariaBusy = "true";
  void here()
    .then(async (near) => {
      await upToDate().catch(() => {}); // what was pinned a moment ago stays, too
      arrange(list, form, near);
    })
    .finally(() => {
      button.ariaBusy = null;
    });
});
