// How far it is from one place to another, and how that is written.

const EQUATOR_M = 6_378_137; // WGS 84
const FLATNESS = 6.694379990141e-3; // its first eccentricity, squared
const RADIAN = Math.PI / 180;

export type Point = [lat: number, lon: number];

/** Metres, by the curvature of WGS 84 half-way: 0.01 % off at 100 km. */
export function apart([lat, lon]: Point, [north, east]: Point): number {
  const middle = ((lat + north) / 2) * RADIAN;
  const bulge = 1 - FLATNESS * Math.sin(middle) ** 2;
  const up = (EQUATOR_M * (1 - FLATNESS)) / bulge ** 1.5;
  const across = (EQUATOR_M / Math.sqrt(bulge)) * Math.cos(middle);
  const turn = ((east - lon + 540) % 360) - 180;
  return Math.hypot(up * (north - lat) * RADIAN, across * turn * RADIAN);
}

/** As the server writes it: 38 m, 850 m, 4.2 km, 120 km. */
export function metres(far: number, place: HTMLElement): string {
  const near = far < 100 ? Math.round(far) : Math.round(far / 10) * 10;
  if (far < 995) return (place.dataset.m ?? "").replace("#", String(near));
  const km = far / 1_000;
  const digits = { maximumFractionDigits: km < 100 ? 1 : 0 };
  const said = new Intl.NumberFormat(document.documentElement.lang, digits).format(km);
  return (place.dataset.km ?? "").replace("#", said);
}
