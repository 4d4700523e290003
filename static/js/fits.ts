// [data-fits]: what can be reached and done within the minutes that are chosen, out of what the phone keeps.
// The latest first, then the nearest. Rows say how many minutes it `takes`, since when it is `due` ("" for
// never done yet), and when it is `open`: weekday-from-to, in minutes of the day; "?" where nobody knows. Who is
// skipped or done already in the day of the page that [data-of] names is left out.

import { draw, here, listOf } from "./find";
import { dayIn } from "./kept-day";
import { metres, type Point } from "./metres";
import { daysUntil, show as sayNear, weekdayOf } from "./near";
import { arrival, type Roads, roadsOf, travel } from "./roads";
import { copyOf, fill, toggle, words } from "./shown";
import { type Found, find } from "./worker";

const LOOKED_AT = 400;
const SHOWN = 12;
let latest = 0;

interface Fit {
  found: Found;
  far: number;
  there: number;
  takes: number;
}

/** Long enough to be there from then on. */
function isOpen(hours: string, arrive: Date, takes: number): boolean {
  if (hours === "?") return true;
  const weekday = weekdayOf(arrive);
  const minute = arrive.getHours() * 60 + arrive.getMinutes();
  return hours.split(" ").some((window) => {
    const [day, opens, closes] = window.split("-").map(Number);
    return day === weekday && minute >= (opens ?? 0) && minute + takes <= (closes ?? 0);
  });
}

/** By the phone's own calendar. */
function isDue(on: string | undefined, now: Date): boolean {
  return on === "" || (on !== undefined && daysUntil(on, now) <= 0);
}

function fitting(all: Found[], minutes: number, near: Point, roads: Roads): Fit[] {
  const now = new Date();
  const leave = (now.getHours() * 60 + now.getMinutes()) * 60;
  const fits = all.flatMap((found) => {
    const { due, takes, open = "?" } = found.holes;
    if (!isDue(due, now) || !found.place) return [];
    const { metres: far, seconds } = travel(near, found.place, roads);
    const there = Math.ceil((arrival(leave, seconds, roads) - leave) / 60);
    const one = { found, takes: Number(takes), far, there };
    const arrive = new Date(now.getTime() + one.there * 60_000);
    return one.there + one.takes <= minutes && isOpen(open, arrive, one.takes) ? [one] : [];
  });
  const since = ({ found }: Fit) => found.holes.due || "9";
  return fits.sort((a, b) => since(a).localeCompare(since(b)) || a.far - b.far).slice(0, SHOWN);
}

function row({ found, far, there, takes }: Fit): HTMLElement | null {
  const drawn = draw("fit-row", found);
  if (!drawn) return null;
  fill(drawn, { way: words("way", { there, takes }) });
  toggle(drawn, { first: found.holes.due === "" });
  for (const place of drawn.querySelectorAll<HTMLElement>("[data-metres]")) {
    place.textContent = metres(far, place);
  }
  const chip = drawn.querySelector<HTMLElement>("[data-when]");
  if (found.holes.due) chip?.setAttribute("data-due", found.holes.due);
  else chip?.remove();
  return drawn;
}

async function answer(asks: HTMLElement, minutes: number): Promise<void> {
  const mine = ++latest;
  const place = document.getElementById(asks.dataset.fits ?? "");
  asks.ariaBusy = "true";
  const near = await here().finally(() => {
    asks.ariaBusy = null;
  });
  const said = near ? await known(asks, near, minutes) : copyOf("fit-no-place");
  if (mine !== latest) return; // other minutes were chosen meanwhile
  place?.replaceChildren(said ?? "");
  sayNear();
}

async function known(asks: HTMLElement, near: Point, minutes: number) {
  const under = asks.dataset.under ?? "";
  const [all, day] = await Promise.all([
    find({ text: "", under, only: {}, near, most: LOOKED_AT }),
    dayIn(asks.dataset.of ?? "").catch(() => null),
  ]);
  if (!all) return copyOf("fit-no-pack");
  const free = all.filter(({ url }) => !day?.gone.has(url.slice(under.length)));
  const rows = fitting(free, minutes, near, roadsOf(asks)).flatMap((one) => row(one) ?? []);
  return rows.length ? listOf(rows) : copyOf("fit-none");
}

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  const asks = target.closest<HTMLElement>("[data-fits]");
  if (asks) void answer(asks, Number(target.value));
});
