// One batch to the server. Only an answer in our own format that echoes our nonce is an answer.

import { newId } from "./ids";
import { heard, untold } from "./loss";
import type { Entry, Pause, Result, ShutOut } from "./messages";

const ADDRESS = "/sync/commands";
const MEDIA = "application/vnd.roadbook.sync+json";
const PROTO = 1;
const LIMIT_MS = 20_000;
const WORTH_PACKING = 1_024;
const LONGEST_REST_S = 3_600;

export interface Batch {
  device: string;
  entries: Entry[];
  waiting: number;
  /** Ids without a last word, and those taken back. */
  held: string[];
  withdrawn: string[];
  /** Whether the phone has what proves it to be this device. */
  secret: boolean;
  /** That proof, in hex: who is shut out may have no session left. */
  proof?: string | undefined;
}

export interface Answer {
  kind: "answer";
  results: Result[];
  updates: Result[];
  expected: number;
  /** The server's clock minus ours, in milliseconds. */
  offset: number;
  secret: string | undefined;
  shutOut: ShutOut | null;
}

export type Reply =
  | Answer
  /** `ours`: the server itself said so, nobody between it and us. */
  | { kind: "pause"; why: Pause; ours: boolean }
  | { kind: "busy"; seconds: number }
  | { kind: "too_large" }
  | { kind: "nothing" };

export async function post(batch: Batch, stop: AbortController): Promise<Reply> {
  const nonce = newId();
  const bell = setTimeout(() => stop.abort(), LIMIT_MS);
  try {
    const request = await packed({
      proto: PROTO,
      nonce,
      device: batch.device,
      entries: batch.entries.map((entry) => [entry.sha, entry.body]),
      waiting: batch.waiting,
      held: batch.held,
      withdrawn: batch.withdrawn,
      ...(batch.secret ? {} : { secret: false }),
      lost: untold(batch.device),
    });
    const response = await fetch(ADDRESS, {
      ...request,
      headers: { ...request.headers, ...proven(batch) },
      method: "POST",
      redirect: "manual",
      cache: "no-store",
      signal: stop.signal,
    });
    return heard(batch.device, understood(response, await response.text(), nonce));
  } catch {
    return { kind: "nothing" };
  } finally {
    clearTimeout(bell);
  }
}

export function proven({ device, proof }: { device: string; proof?: string | undefined }) {
  return proof ? { Authorization: `Device ${device} ${proof}` } : {};
}

async function packed(batch: object): Promise<{ headers: Record<string, string>; body: BodyInit }> {
  const body = JSON.stringify(batch);
  const headers = { "Content-Type": MEDIA };
  if (body.length <= WORTH_PACKING || !("CompressionStream" in globalThis)) {
    return { headers, body };
  }
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return {
    headers: { ...headers, "Content-Encoding": "gzip" },
    body: await new Response(stream).arrayBuffer(),
  };
}

function understood(response: Response, text: string, nonce: string): Reply {
  const rest = seconds(response.headers.get("Retry-After"));
  if (response.status === 413) return { kind: "too_large" };
  const ours = response.headers.get("Content-Type")?.startsWith(MEDIA) ?? false;
  if (response.status === 401) return { kind: "pause", why: "sign_in", ours };
  if ((response.status === 429 || response.status === 503) && rest) {
    return { kind: "busy", seconds: rest };
  }
  if (!ours) return { kind: "nothing" };
  const said = JSON.parse(text);
  if (response.status === 403 && said.error === "other_person") {
    return { kind: "pause", why: "other_person", ours };
  }
  if (!response.ok || said.proto !== PROTO || said.nonce !== nonce) return { kind: "nothing" };
  if (!Array.isArray(said.results) || !Number.isInteger(said.expected)) return { kind: "nothing" };
  return {
    kind: "answer",
    results: said.results,
    updates: said.updates ?? [],
    expected: said.expected,
    secret: said.secret,
    shutOut: farewellIn(said.shut_out, said.time),
    offset: (Date.parse(said.time) || Date.now()) - Date.now(),
  };
}

/** By the server's clock. */
function farewellIn(farewell: Omit<ShutOut, "late"> | undefined, time: string): ShutOut | null {
  return farewell ? { ...farewell, late: Date.parse(time) >= Date.parse(farewell.due) } : null;
}

/** `Retry-After` is a number of seconds or a date. */
function seconds(said: string | null): number {
  if (!said) return 0;
  const wait = Number(said) || (Date.parse(said) - Date.now()) / 1_000;
  return Math.min(Math.max(wait || 0, 0), LONGEST_REST_S);
}
