// Where a command waits while the database does not open; put into it, once, when it does.

import { forget, keysWith, lineUp, recall } from "./beside";
import { copies, copy } from "./copies";
import { contentsOf } from "./envelope";
import { number, type Places } from "./jots";
import type { Written } from "./messages";
import { enter } from "./queue";

const START = "roadbook-journal-";

/** Whether this page has found it empty: looking takes its time. */
let empty = false;
globalThis.addEventListener?.("storage", ({ key }) => {
  if (key?.startsWith(START)) empty = false;
});

globalThis.addEventListener?.("pageshow", ({ persisted }) => {
  if (persisted) empty = false; // nothing is told to a page that was put by
});

interface Noted {
  written: Written;
}

/** Throws when this, too, is full or forbidden: then the text must stay in the form. */
export function note(personId: string, written: Written): void {
  const name = `${written.id}-${contentsOf(written).slice(0, 8)}`;
  lineUp(prefix(personId), name, { written } satisfies Noted);
  empty = false;
}

/** A kill in between leaves both: the next replay finds the command in the database. */
export async function replay(places: Places, personId: string): Promise<void> {
  const left = noted(personId);
  if (left.length) await number(places); // they were written before
  for (const [key, written] of left) {
    await places.store.write((tx) => enter(tx, written, places.drawer?.file));
    copy(personId, written);
    forget(key);
  }
  empty = !keysWith(prefix(personId)).length; // somebody may have put one in meanwhile
}

/** As quick for the first as for those right behind it: who was first must stay first. */
export function replayFirst(places: Places, personId: string): Promise<void> {
  return empty ? Promise.resolve() : replay(places, personId);
}

export function inJournal(personId: string): Written[] {
  return noted(personId).map(([, written]) => written);
}

function noted(personId: string): [string, Written][] {
  return keysWith(prefix(personId)).flatMap((key): [string, Written][] => {
    const found = recall<Noted>(key);
    return found ? [[key, found.written]] : [];
  });
}

function prefix(personId: string): string {
  return `${START}${personId}-`;
}

/** All that is known of while the database has never opened: what waits for it, and second copies of what is in it. */
export function writtenBeside(personId: string): Written[] {
  const all = [...copies(personId), ...inJournal(personId)];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}
