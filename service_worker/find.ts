// Looks through what can be found, as the server does: every word somewhere, in the order of the names; or the nearest first.

import { other, packOf, standing } from "./store";

/** `f` is looked through, `s` sorts, `p` is where it is; `h` is what is shown of it, by the names of holes. */
export interface Row {
  f: string;
  s: string;
  p: [lat: number, lon: number] | null;
  h: Record<string, string>;
}

export interface Wish {
  text: string;
  /** Addresses of what is found begin with it. */
  under: string;
  /** Holes that must say just this. */
  only: Record<string, string>;
  near: [lat: number, lon: number] | null;
  most: number;
}

export interface Found {
  url: string;
  holes: Record<string, string>;
  metres: number | null;
  place: [lat: number, lon: number] | null;
}

const EARTH_M = 6_371_000;
const RADIAN = Math.PI / 180;

let kept: { version: string; rows: [string, Row][] } | undefined;

/** Null when there is no complete pack to look through. */
export async function lookFor(person: string, wish: Wish): Promise<Found[] | null> {
  const rows = await all(person);
  if (!rows) return null;
  const words = folded(wish.text).split(" ").filter(Boolean);
  const only = Object.entries(wish.only).filter(([, value]) => value);
  const { under, near, most } = wish;
  const fits = ({ f, h }: Row) =>
    words.every((word) => says(f, word)) && only.every(([hole, value]) => h[hole] === value);
  const found = rows.filter(([url, row]) => url.startsWith(under) && fits(row));
  if (!near) return found.slice(0, most).map(([url, row]) => foundAt(url, row, null));
  return found
    .flatMap(([url, row]) => (row.p ? [foundAt(url, row, apart(row.p, near))] : []))
    .sort((one, other) => (one.metres ?? 0) - (other.metres ?? 0))
    .slice(0, most);
}

/** What is known under these addresses. Null when there is no complete pack. */
export async function lookUp(person: string, urls: string[]): Promise<Found[] | null> {
  const rows = new Map((await all(person)) ?? []);
  if (!rows.size) return null;
  return urls.flatMap((url) => {
    const row = rows.get(url);
    return row ? [foundAt(url, row, null)] : [];
  });
}

function foundAt(url: string, { h: holes, p: place }: Row, metres: number | null): Found {
  return { url, holes, metres, place };
}

async function all(person: string): Promise<[string, Row][] | null> {
  const pack = await packOf(person);
  const { version, live, filling } = await standing(pack);
  if (!version) return null;
  // What is being filled is shown already, and not complete.
  const half = filling?.ready ? other(live) : live;
  const name = `${person} ${version}`;
  if (kept?.version !== name) {
    const tx = pack.transaction(`rows-${half}`);
    const [urls, rows] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
    const both = urls.map((url, at): [string, Row] => [url, rows[at] as Row]);
    both.sort(([one, { s: a }], [two, { s: b }]) => (a < b || (a === b && one < two) ? -1 : 1));
    kept = { version: name, rows: both };
  }
  return kept.rows;
}

function says(text: string, word: string): boolean {
  if (text.includes(word)) return true;
  const digits = /^[\d()+./-]+$/.test(word) ? word.replace(/\D/g, "") : "";
  return digits.length > 2 && text.includes(digits);
}

/** Lower case, full-width to half-width, no accents, single spaces: as the server writes what is looked through. */
function folded(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").split(/\s+/).join(" ").trim();
}

/** Metres on a ball: near enough to sort by. */
function apart([lat, lon]: [number, number], [north, east]: [number, number]): number {
  const up = (north - lat) * RADIAN;
  const across = (east - lon) * RADIAN * Math.cos(((lat + north) / 2) * RADIAN);
  return EARTH_M * Math.hypot(up, across);
}
