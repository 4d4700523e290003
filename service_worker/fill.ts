// Fetches what the pack lacks: what was changed since its version, or all of it.

import { laidIn, tidy, verified } from "./lay";
import { Lines, type Sent } from "./lines";
import { change, type Pack, packOf, type Standing, standing } from "./store";
import { type Run, type Told, Whole } from "./whole";

const ALL = { got: 0, count: 0, ready: true, done: true };

interface Whose {
  person: string;
  /** The server has said that this person is signed in here. */
  confirmed(): Promise<void>;
  /** The server wants every page left for this address. */
  sentTo(address: string): Promise<void>;
}

/** Resolves when nothing is lacking, or no more can be had now. One at a time for each person. */
export async function fill(whose: Whose, tell: (told: Told) => void): Promise<void> {
  await navigator.locks.request(`pack-${whose.person}`, { ifAvailable: true }, async (lock) => {
    if (lock) await filled(await packOf(whose.person), whose, tell);
  });
}

async function filled(pack: Pack, whose: Whose, tell: (told: Told) => void): Promise<void> {
  const now = await standing(pack);
  const asOf = Date.now(); // whatever the server has taken before this is in its answer
  const answer = await asked(now, whose);
  if (!answer) return;
  if (answer.status === 304 || !answer.body) return confirm(pack, now, asOf, tell);
  const lines = new Lines(answer.body);
  const head = await lines.next();
  if (head?.proto !== 1 || !head.version) throw new Error("This is no pack.");
  const run = { pack, lines, asOf, version: head.version, count: head.count ?? 0, tell };
  const before = now.filling?.version ?? now.version;
  const same = before !== "" && sameMaker(before, head.version);
  // What others have begun cannot be gone on with.
  if (now.filling && !same) return startAnew(pack, now);
  await (same && !now.filling ? little(run, now) : new Whole(run, now).fill());
}

/** Null when it is no answer of ours, or no pack for this person. */
async function asked({ filling, version }: Standing, whose: Whose): Promise<Response | null> {
  const wanted = filling ? { cursor: filling.cursor } : { has: version };
  const url = `/pack?${new URLSearchParams(wanted)}`;
  const headers = { Person: whose.person };
  const answer = await fetch(url, { headers, cache: "no-store", redirect: "error" });
  if (!answer.headers.has("Roadbook")) return null;
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) await whose.sentTo(elsewhere);
  if (elsewhere || !(answer.ok || answer.status === 304)) return null;
  await whose.confirmed();
  return answer;
}

async function confirm(
  pack: Pack,
  now: Standing,
  asOf: number,
  tell: (told: Told) => void,
): Promise<void> {
  await change(pack, (tx) => tx.objectStore("standing").put({ ...now, asOf }, "now"));
  tell({ kind: "pack", changed: [], ...ALL, asOf, since: now.asOf });
}

async function startAnew(pack: Pack, now: Standing): Promise<void> {
  await change(pack, (tx) => tx.objectStore("standing").put({ ...now, filling: null }, "now"));
}

/** Some pages: all of them at once, when all have come. A stream that is cut comes again. */
async function little({ pack, lines, asOf, version, tell }: Run, now: Standing): Promise<void> {
  const came: Sent[] = [];
  let line = await lines.next();
  for (; line && !line.end; line = await lines.next()) {
    if (line.u !== undefined) came.push(await verified(line as Sent));
  }
  if (!line) return;
  const { groups } = line;
  const changed = await change(pack, async (tx) => {
    const different = await laidIn(tx, now.live, came);
    await tidy(tx, now.live, version, groups);
    await tx.objectStore("standing").put({ ...now, version, asOf }, "now");
    return different;
  });
  tell({ kind: "pack", changed, ...ALL, asOf, since: now.asOf });
}

/** Of a version: number, who made the pages, whom they are about, first day. */
function sameMaker(one: string, another: string): boolean {
  return one.split(".")[1] === another.split(".")[1];
}
