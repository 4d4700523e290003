// Where a command waits while the database does not open; put into it, once, when it does.

import { contentsOf } from "./envelope";
import type { Written } from "./messages";
import { add } from "./queue";
import type { Store } from "./store";

interface Noted {
  noted: number;
  written: Written;
}

/** Throws when this, too, is full or forbidden: then the text must stay in the form. */
export function note(personId: string, written: Written): void {
  const key = `${prefix(personId)}${written.id}-${contentsOf(written).slice(0, 8)}`;
  if (localStorage.getItem(key)) return;
  localStorage.setItem(key, JSON.stringify({ noted: Date.now(), written } satisfies Noted));
}

/** A kill in between leaves both: the next replay finds the command in the database. */
export async function replay(store: Store, personId: string): Promise<void> {
  for (const [key, { written }] of noted(personId)) {
    await add(store, written);
    localStorage.removeItem(key);
  }
}

export function inJournal(personId: string): Written[] {
  return noted(personId).map(([, { written }]) => written);
}

function noted(personId: string): [string, Noted][] {
  const entries = storage().filter(([key]) => key.startsWith(prefix(personId)));
  return entries
    .map(([key, text]): [string, Noted] => [key, JSON.parse(text) as Noted])
    .sort(
      ([, a], [, b]) =>
        a.noted - b.noted || a.written.authored.mono_ms - b.written.authored.mono_ms,
    );
}

function prefix(personId: string): string {
  return `roadbook-journal-${personId}-`;
}

/** A browser that forbids it has nothing in it. */
function storage(): [string, string][] {
  try {
    return Object.entries(localStorage);
  } catch {
    return [];
  }
}
