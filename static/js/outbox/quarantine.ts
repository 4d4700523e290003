// Which database of a person's is in use. One that stays damaged is left as it is, never deleted, and the next begun.

import { forget, recall, remember } from "./beside";
import { BOOT_ID } from "./ids";

const PATIENCE = 3; // pages in which it failed, one after the other

/** `left` are those that were given up and have not been emptied into a later one. */
interface Place {
  number: number;
  left: string[];
}

export function databaseOf(personId: string): string {
  return nameOf(personId, placeOf(personId).number);
}

export function nextDatabaseOf(personId: string): string {
  return nameOf(personId, placeOf(personId).number + 1);
}

export function isHopeless(personId: string): boolean {
  return (recall<string[]>(failures(personId))?.length ?? 0) >= PATIENCE;
}

export function noteFailure(personId: string): void {
  const pages = recall<string[]>(failures(personId)) ?? [];
  if (!pages.includes(BOOT_ID)) remember(failures(personId), [...pages, BOOT_ID]);
}

export function noteSuccess(personId: string): void {
  forget(failures(personId));
}

/** The next one has opened: from now on it is the one in use. */
export function moveOn(personId: string): void {
  const { number, left } = placeOf(personId);
  remember(key(personId), { number: number + 1, left: [...left, nameOf(personId, number)] });
  noteSuccess(personId);
}

/** All that there may be. */
export function databasesOf(personId: string): string[] {
  const { number } = placeOf(personId);
  return Array.from({ length: number + 1 }, (_, place) => nameOf(personId, place + 1));
}

export function leftBehind(personId: string): string[] {
  return placeOf(personId).left;
}

export function noteEmptied(personId: string, name: string): void {
  const place = placeOf(personId);
  remember(key(personId), { ...place, left: place.left.filter((one) => one !== name) });
}

function placeOf(personId: string): Place {
  return recall<Place>(key(personId)) ?? { number: 1, left: [] };
}

function nameOf(personId: string, number: number): string {
  return `roadbook-${personId}${number > 1 ? `-${number}` : ""}`;
}

function key(personId: string): string {
  return `roadbook-database-${personId}`;
}

function failures(personId: string): string {
  return `roadbook-failed-${personId}`;
}
