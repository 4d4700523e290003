// Where a command waits while the database does not open; put into it, once, when it does.

import { forget, keysWith, lineUp, recall } from "./beside";
import { contentsOf } from "./envelope";
import type { Written } from "./messages";
import { add } from "./queue";
import type { Store } from "./store";

interface Noted {
  written: Written;
}

/** Throws when this, too, is full or forbidden: then the text must stay in the form. */
export function note(personId: string, written: Written): void {
  const name = `${written.id}-${contentsOf(written).slice(0, 8)}`;
  lineUp(prefix(personId), name, { written } satisfies Noted);
}

/** A kill in between leaves both: the next replay finds the command in the database. */
export async function replay(store: Store, personId: string): Promise<void> {
  for (const [key, written] of noted(personId)) {
    await add(store, written);
    forget(key);
  }
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
  return `roadbook-journal-${personId}-`;
}
