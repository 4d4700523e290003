// A form with [data-away="lat,lon"] asks there for a reason when it is sent from further than data-radius metres.

const EQUATOR_M = 6_378_137; // WGS 84
const FLATNESS = 6.694379990141e-3; // its first eccentricity, squared
const RADIAN = Math.PI / 180;

type Point = [lat: number, lon: number];

/** Metres, by the curvature of WGS 84 half-way: 0.01 % off at 100 km. */
export function apart([lat, lon]: Point, [north, east]: Point): number {
  const middle = ((lat + north) / 2) * RADIAN;
  const bulge = 1 - FLATNESS * Math.sin(middle) ** 2;
  const up = (EQUATOR_M * (1 - FLATNESS)) / bulge ** 1.5;
  const across = (EQUATOR_M / Math.sqrt(bulge)) * Math.cos(middle);
  const turn = ((east - lon + 540) % 360) - 180;
  return Math.hypot(up * (north - lat) * RADIAN, across * turn * RADIAN);
}

function read(form: HTMLFormElement, name: string): number {
  const field = form.querySelector<HTMLInputElement>(`[data-position="${name}"]`);
  return field?.value ? Number(field.value) : Number.NaN;
}

/** As the server writes it: 38 m, 850 m, 4.2 km, 120 km. */
export function distance(metres: number, place: HTMLElement): string {
  const near = metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10;
  if (metres < 995) return (place.dataset.m ?? "").replace("#", String(near));
  const km = metres / 1_000;
  const digits = { maximumFractionDigits: km < 100 ? 1 : 0 };
  const said = new Intl.NumberFormat(document.documentElement.lang, digits).format(km);
  return (place.dataset.km ?? "").replace("#", said);
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
