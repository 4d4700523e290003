// Pictures go to the server one after the other, in parts, and only while nothing that was written waits: docs/media.md.

import type { Album, Picture } from "./album";

const PART = 256 * 1_024;
const LIMIT_MS = 60_000;
const MEDIA = "application/vnd.roadbook.media+json";
const TRIES = 3;

export interface Lane {
  album: Album;
  personId: string;
  /** Whether pictures may go now. */
  free(): Promise<boolean>;
  /** Aborted when something was written: words have the whole line, what is on its way of a picture comes later. */
  stop?: AbortSignal;
  /** Nothing is let go: the phone is about to be wiped, and its words may not be done yet. */
  leaving?: boolean;
  changed(): void;
}

/** Why it cannot go on now. */
class Later extends Error {}

/** Resolves when nothing is left to send, or no more can be sent now. One page at a time. */
export async function send(lane: Lane): Promise<void> {
  const alone = { ifAvailable: true };
  await navigator.locks.request(`photos-${lane.personId}`, alone, async (lock) => {
    if (!lock) return;
    try {
      for (const one of await lane.album.all()) {
        if (one.state === "waiting") await sendOne(lane, one);
      }
      if (!lane.leaving) await letGo(lane);
    } catch (error) {
      const passes = [Later, TypeError, DOMException].some((kind) => error instanceof kind);
      if (!passes) throw error;
    }
  });
}

async function sendOne(lane: Lane, picture: Picture): Promise<void> {
  const { album, changed } = lane;
  const { sha256: name, size } = picture;
  const bytes = await album.bytesOf(name);
  if (!bytes) return;
  let [here, whole] = await told(lane, await ask(lane, name, "HEAD"), name);
  for (let tries = 0; !whole && tries < TRIES; ) {
    if (!(await lane.free())) throw new Later("Words go first.");
    const part = bytes.slice(here, here + PART);
    const headers = {
      "Content-Type": "application/partial-upload",
      "Upload-Offset": String(here),
      "Upload-Complete": here + part.byteLength >= size ? "?1" : "?0",
      "Upload-Length": String(size),
    };
    const before = here;
    [here, whole] = await told(lane, await ask(lane, name, "PATCH", headers, part), name);
    if (here <= before && !whole) tries++;
    await album.change(name, { sent: here });
    changed();
  }
  await album.change(name, { sent: here, state: whole ? "there" : "waiting" });
  changed();
}

/** Aborted when one of them is. */
function either(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal?.aborted) both.abort(signal.reason);
    signal?.addEventListener("abort", () => both.abort(signal.reason), { once: true });
  }
  return both.signal;
}

function ask(
  { personId, stop }: Lane,
  name: string,
  method: string,
  headers: Record<string, string> = {},
  body?: ArrayBuffer,
): Promise<Response> {
  return fetch(`/media/${name}`, {
    method,
    headers: { Person: personId, ...headers },
    redirect: "error",
    cache: "no-store",
    signal: either(AbortSignal.timeout(LIMIT_MS), stop),
    ...(body && { body }),
  });
}

/** How many bytes are there, and whether that is all. Throws Later where it is no answer, or not now. */
async function told(
  lane: Lane,
  answer: Response,
  name: string,
): Promise<[here: number, whole: boolean]> {
  const here = answer.headers.get("Upload-Offset");
  if (answer.ok && here !== null)
    return [Number(here), answer.headers.get("Upload-Complete") === "?1"];
  const ours = answer.headers.get("Content-Type")?.startsWith(MEDIA) ?? false;
  const said = ours
    ? ((await answer.json()) as { error: string; reason: string; offset?: number })
    : null;
  if (answer.status === 409 && said) return [said.error === "hash" ? 0 : (said.offset ?? 0), false];
  if (said && [413, 415, 422].includes(answer.status)) {
    await lane.album.change(name, { state: "refused", reason: said.reason });
    lane.changed();
  }
  throw new Later(said?.reason ?? `status ${answer.status}`);
}

/** Bytes go only for what the server holds, and has done the command of. */
async function letGo({ album, personId, changed }: Lane): Promise<void> {
  const there = (await album.all()).filter(({ state }) => state === "there");
  if (!there.length) return;
  const nonce = crypto.randomUUID();
  const answer = await fetch("/media/held", {
    method: "POST",
    headers: { "Content-Type": MEDIA, Person: personId },
    body: JSON.stringify({ nonce, pictures: there.slice(0, 500).map(({ sha256 }) => sha256) }),
    redirect: "error",
    cache: "no-store",
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith(MEDIA)) return;
  const said = (await answer.json()) as { nonce: string; held: string[] };
  if (said.nonce !== nonce) return;
  for (const name of said.held) await album.drop(name);
  changed();
}
