// What is near is said as it is today, by the phone's own calendar: [data-day], [data-due], [data-until], [data-weekdays].

const DAY_MS = 86_400_000;

/** Days from today on; by dates, because a day may have 23 hours. */
export function daysUntil(on: string, now: Date): number {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((Date.parse(on) - today) / DAY_MS);
}

/** Monday is 0. */
export function weekdayOf(day: Date): number {
  return (day.getDay() + 6) % 7;
}

function words(id: string): DocumentFragment | undefined {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLTemplateElement)) return undefined;
  return found.content.cloneNode(true) as DocumentFragment;
}

function sayDay(place: HTMLElement, now: Date): void {
  place.dataset.date ??= place.textContent;
  const near = words(`near-${daysUntil(place.dataset.day ?? "", now)}`)?.textContent;
  const said = near ?? place.dataset.date;
  if (place.textContent !== said) place.textContent = said;
}

function sayDue(chip: HTMLElement, now: Date): void {
  const late = -daysUntil(chip.dataset.due ?? "", now);
  if (!(late >= 0)) return;
  const said = words(late === 0 ? "due-now" : late === 1 ? "due-late-1" : "due-late");
  if (!said) return;
  for (const hole of said.querySelectorAll("[data-hole=days]")) hole.textContent = String(late);
  chip.classList.toggle("late", late > 0);
  chip.classList.toggle("due", late === 0);
  if (chip.textContent?.trim() !== said.textContent?.trim()) chip.replaceChildren(said);
}

/** Of everything on the page. */
export function show(): void {
  const now = new Date();
  const weekday = String(weekdayOf(now));
  for (const place of document.querySelectorAll<HTMLElement>("[data-weekdays]")) {
    place.hidden = !place.dataset.weekdays?.split(" ").includes(weekday);
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-until]")) {
    place.hidden = !(daysUntil(place.dataset.until ?? "", now) > 0);
  }
  for (const row of document.querySelectorAll<HTMLElement>("[data-weekday]")) {
    row.classList.toggle("today", row.dataset.weekday === weekday);
  }
  for (const chip of document.querySelectorAll<HTMLElement>("[data-due]")) sayDue(chip, now);
  for (const place of document.querySelectorAll<HTMLElement>("[data-day]")) sayDay(place, now);
}

show();
document.addEventListener("htmx:after:swap", show);
document.addEventListener("visibilitychange", show);
addEventListener("pageshow", show);
