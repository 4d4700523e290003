// How things stand, for the badge: told to this page by an event, to the other tabs by a channel, shown by attributes.

import type { Drainer } from "./drain";
import { inJournal, writtenBeside } from "./journal";
import { lastRead } from "./last-read";
import type { Message, Situation } from "./messages";
import { jotsOf, meta, type Store, type Tx } from "./store";

interface Counted extends Pick<Situation, "waiting" | "received" | "needs_you" | "heard"> {
  first: string | null;
}

/** Until the database has opened. */
const UNKNOWN: Counted = { waiting: 0, received: 0, needs_you: 0, heard: null, first: null };

export type Teller = (message: Message) => void;

export function situationOf(
  store: Store,
  personId: string,
): (drain: Drainer) => Promise<Situation> {
  const stored = lastRead(store, counted, UNKNOWN);
  return async ({ pause, sending }) => {
    const { found, closed, unread } = await stored();
    const beside = unread ? writtenBeside(personId) : inJournal(personId);
    const noted = beside.map((written) => written.authored.at);
    const { first, waiting, ...rest } = found;
    const [oldest = null] = [...noted, ...(first ? [first] : [])].sort();
    const now = { ...rest, closed, waiting: waiting + noted.length, oldest, pause, sending };
    return unread ? { ...now, journal: noted.length } : now;
  };
}

async function counted(tx: Tx): Promise<Counted> {
  const outbox = tx.objectStore("outbox");
  const [first] = await outbox.index("seq").getAll(null, 1);
  const jots = await jotsOf(tx);
  const heard = (await meta(tx, "server"))?.heard;
  return {
    waiting: (await outbox.index("seq").count()) + jots.length,
    received: await outbox.index("state").count("received"),
    needs_you: await outbox.index("state").count("needs_you"),
    heard: heard ? new Date(heard).toISOString() : null,
    first: first?.at ?? jots[0]?.authored.at ?? null,
  };
}

/** `<html data-outbox>` is clear, waiting, needs_you or why it rests; `[data-outbox-count]` holds a number. */
export function show(now: Situation): void {
  const word = now.needs_you ? "needs_you" : now.waiting ? (now.pause ?? "waiting") : "clear";
  document.documentElement.dataset.outbox = word;
  for (const place of document.querySelectorAll<HTMLElement>("[data-outbox-count]")) {
    const count = now[place.dataset.outboxCount as "waiting" | "received" | "needs_you"] ?? 0;
    place.textContent = String(count);
    place.hidden = !count;
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-outbox-age]")) {
    place.textContent = now.oldest ? age(now.oldest) : "";
  }
  document.dispatchEvent(new CustomEvent("outbox:changed", { detail: now }));
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "5 min", "2 h", "3 days" in the page's language; nothing for less than a minute. */
export function age(since: string): string {
  const span = Date.now() - Date.parse(since);
  const [unit, size] = UNITS.find(([, one]) => span >= one) ?? [];
  if (!unit || !size) return "";
  const how = { style: "unit", unit, unitDisplay: "short" } as const;
  return new Intl.NumberFormat(document.documentElement.lang, how).format(Math.floor(span / size));
}

/** Between the tabs of one person; a browser without channels has each tab look for itself. */
export function channel(personId: string, heard: Teller): Teller {
  if (!("BroadcastChannel" in globalThis)) return () => {};
  const line = new BroadcastChannel(`roadbook-${personId}`);
  line.addEventListener("message", (event: MessageEvent<Message>) => heard(event.data));
  return (message) => line.postMessage(message);
}
