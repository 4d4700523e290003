// The outbox of this page: what it holds is drawn, and what the server has taken is fetched.

import { refresh, shown } from "./fresh";
import { mend } from "./mend";
import { mint } from "./mint";
import { startOutbox } from "./outbox/index";
import type { Entry, Saved, Situation } from "./outbox/messages";
import { overlay } from "./overlay";
import { say, saying } from "./say";

/** What htmx is about to put in a place of the page. */
interface Task {
  target: Element;
  fragment: DocumentFragment;
}

export const outbox = startOutbox();

/** What this page shows as still on the phone: until the page is newer, also what has gone. */
let drawn: Entry[] = [];
/** What was saved here, and may have gone before it could be drawn. */
const fresh = new Set<string>();
let showing = begin();
let pause: string | null = null;
let latest: Situation | null = null;

/** A page that was asked for before the server took something may be without it. */
async function begin(): Promise<void> {
  const entries = (await outbox?.first) ?? [];
  if (await draw(entries)) await refresh();
}

// Drawn before it is seen, then as things stand by now.
document.addEventListener("page:coming", (event) => {
  overlay(drawn, (event as CustomEvent<HTMLElement>).detail);
});
document.addEventListener("page:turned", () => {
  showing = showing
    .then(async () => {
      if (await draw((await outbox?.entries()) ?? [])) void refresh();
    })
    .catch(() => {});
});

document.addEventListener("page:kept", () => void upToDate());

/** The page shows all that waits by now. */
export function upToDate(): Promise<void> {
  showing = showing.then(
    async () => void (await draw((await outbox?.entries()) ?? [])),
    () => {},
  );
  return showing;
}

/** With what was taken since the page was made; looked for last, because what waits may go meanwhile. How many those are. */
async function draw(entries: Entry[]): Promise<number> {
  const late = (await outbox?.takenSince(shown.at)) ?? [];
  const waiting = entries.filter(({ id }) => !late.some((one) => one.id === id));
  drawn = [...late, ...waiting];
  overlay(drawn);
  return late.length;
}

async function show(now: Situation): Promise<void> {
  for (const badge of document.querySelectorAll<HTMLElement>("[data-outbox-badge]")) {
    const count = badge.querySelector<HTMLElement>("[data-outbox-count]");
    badge.hidden = count?.hidden ?? true;
  }
  if (now.pause && now.waiting && now.pause !== pause) say(`pause-${now.pause}`);
  pause = now.pause;
  const unseen = [...fresh];
  const entries = (await outbox?.entries()) ?? [];
  const refused = newlyRefused(entries);
  await bringUpToDate(entries, unseen);
  if (refused.length) say(refused.some(mend) ? "nothing" : "needs-you");
  mint(document);
}

/** `unseen` was saved here before `entries` was looked at. */
async function bringUpToDate(entries: Entry[], unseen: string[]): Promise<void> {
  const gone = drawn.filter(({ id }) => !entries.some((entry) => entry.id === id));
  drawn = [...gone, ...entries];
  overlay(drawn);
  for (const { id } of drawn) fresh.delete(id);
  const missed = unseen.filter((id) => fresh.has(id));
  if (!(gone.length || missed.length) || !(await refresh())) return;
  for (const id of missed) fresh.delete(id);
  drawn = entries;
  overlay(drawn);
  if (saying("kept")) say("received");
}

function newlyRefused(entries: Entry[]): Entry[] {
  const before = new Set(drawn.filter(({ state }) => state !== "needs_you").map(({ id }) => id));
  return entries.filter(({ id, state }) => state === "needs_you" && before.has(id));
}

document.addEventListener("outbox:changed", (event) => {
  const first = latest === null;
  latest = (event as CustomEvent<Situation>).detail;
  if (first) showing = showing.then(() => show(situation())).catch(() => {});
});

// Drawn before it takes this page's place, so that what is drawn here stays where somebody writes in it.
document.addEventListener("htmx:before:swap", (event) => {
  const { tasks } = (event as CustomEvent<{ tasks: Task[] }>).detail;
  for (const { target, fragment } of tasks) if (target === document.body) overlay(drawn, fragment);
});

function situation(): Situation {
  const now = latest as unknown as Situation;
  latest = null;
  return now;
}

document.addEventListener("outbox:saved", (event) => {
  const { written, kept } = (event as CustomEvent<Saved>).detail;
  fresh.add(written.id);
  // Beside the database it reaches the disk some seconds later: that is told by a warning.
  if (kept === "database") say("kept");
});
