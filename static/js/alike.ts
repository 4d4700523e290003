// Which of the things in an index are likely the same as one that is being written down: by name, phone, distance.
// app/customers/alike.py is the same in Python; both are held to tests/contract/alike.json.

import { apart } from "./metres";

const COMPANY_WORDS = new Set(
  (
    "ab ag bv co company corp corporation gmbh inc incorporated kg limited llc ltd nv oy oyj plc " +
    "pte pty sarl spa srl"
  ).split(" "),
);
const COMPANY_ENDINGS = [
  "集团股份有限公司",
  "有限责任公司",
  "股份有限公司",
  "集团有限公司",
  "控股有限公司",
  "有限公司",
  "股份公司",
  "集团公司",
  "公司",
  "集团",
  "株式会社",
];
const COMMON_WORDS = /便利店|烟酒店|专卖店|旗舰店|超市|烟酒|商行|商店|餐厅|酒店|饭店|咖啡|店/g;
const FEWEST_DIGITS = 7;
const LIKELY = 60;
const NEAR_NAME_PERCENT = 75;

export type Sign = "same_phone" | "same_name" | "near_name";

/** `name` and `phones` as they are written; `spelt` is the name in Latin letters, where somebody knows it. */
export interface Known {
  id: string;
  name: string;
  spelt?: string;
  phones: string[];
  lat: number | null;
  lon: number | null;
}

export interface Likeness {
  score: number;
  signs: Sign[];
  metres: number | null;
}

/** The likely ones, likeliest first. */
export function alike(wanted: Known, index: Iterable<Known>): [Known, Likeness][] {
  const found: [Known, Likeness][] = [];
  for (const one of index) {
    if (one.id === wanted.id) continue;
    const like = likeness(wanted, one);
    if (like.score >= LIKELY) found.push([one, like]);
  }
  return found.sort(([, a], [, b]) => b.score - a.score);
}

export function likeness(a: Known, b: Known): Likeness {
  const metres = between(a, b);
  const signs: Sign[] = [];
  let score = 0;
  if (a.phones.some((own) => b.phones.some((other) => oneNumber(dialled(own), dialled(other))))) {
    signs.push("same_phone");
    score += 60;
  }
  const name = nameSign(a, b);
  if (name) {
    signs.push(name);
    score += name === "same_name" ? 60 : 40;
  }
  if (signs.length && metres !== null) score += distanceWeighs(metres);
  return { score: Math.max(0, Math.min(score, 100)), signs, metres };
}

/** Letters and digits only, half-width, lower case, no accents, without what every company is. */
export function plain(name: string): string {
  const folded = name.normalize("NFKD").toLowerCase();
  const words = folded
    .replace(/\p{M}/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  while (words.length > 1 && COMPANY_WORDS.has(words.at(-1) ?? "")) words.pop();
  const squeezed = words.join("");
  const ending = COMPANY_ENDINGS.find((one) => squeezed.endsWith(one));
  return squeezed.slice(0, squeezed.length - (ending?.length ?? 0)) || squeezed;
}

/** The digits that are dialled within the country: without its code, trunk zero, extension. */
export function dialled(phone: string): string {
  const number = phone
    .normalize("NFKC")
    .trim()
    .replace(/(\p{Nd}{8,})\P{Nd}+\p{Nd}{1,5}$/u, "$1");
  const digits = number.replace(/[^0-9]/g, "").replace(/^0+/, "");
  return digits.replace(/^86(?=0?[1-9][0-9]{9,10}$)/, "").replace(/^0+/, "");
}

function nameSign(a: Known, b: Known): Sign | null {
  const [name, other] = [plain(a.name), plain(b.name)];
  if (name && name === other) return "same_name";
  const [spelt, otherSpelt] = [a.spelt ?? latin(name), b.spelt ?? latin(other)];
  if (spelt && otherSpelt) {
    if (spelt === otherSpelt) return "near_name";
    const one = (name === spelt) !== (other === otherSpelt);
    if (one && near(spelt, otherSpelt)) return "near_name";
  }
  return near(name, other) ? "near_name" : null;
}

/** A name in Latin letters is its own spelling. */
function latin(name: string): string {
  return /^[\p{ASCII}]*$/u.test(name) ? name : "";
}

/** One of them may be without its area code. */
function oneNumber(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= FEWEST_DIGITS && long.endsWith(short);
}

/** Nearly the same letters in the same order; with another number it is another. */
function near(a: string, b: string): boolean {
  const [own, other] = [a, b].map((name) => (name.match(/[0-9]+/g) ?? []).join());
  if (own && other && own !== other) return false;
  const [letters, others] = [[...core(a)], [...core(b)]];
  const all = letters.length + others.length;
  return all > 0 && 200 * common(letters, others) >= NEAR_NAME_PERCENT * all;
}

/** The name without what many in a street are, unless it is nothing else. */
function core(name: string): string {
  return name.replace(COMMON_WORDS, "") || name;
}

/** The length of the longest sequence of letters that stands in both, gaps allowed. */
function common(a: string[], b: string[]): number {
  let before = new Array<number>(b.length + 1).fill(0);
  for (const own of a) {
    const row = [0];
    for (const [at, other] of b.entries()) {
      const skipped = Math.max(before[at + 1] ?? 0, row[at] ?? 0);
      row.push(own === other ? (before[at] ?? 0) + 1 : skipped);
    }
    before = row;
  }
  return before.at(-1) ?? 0;
}

function between(a: Known, b: Known): number | null {
  if (a.lat === null || a.lon === null || b.lat === null || b.lon === null) return null;
  return apart([a.lat, a.lon], [b.lat, b.lon]);
}

function distanceWeighs(metres: number): number {
  if (metres <= 100) return 30;
  if (metres <= 300) return 20;
  return metres > 1_000 ? -40 : 0;
}
