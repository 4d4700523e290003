// The day as this phone knows it, read out of another page: its copy here, or the server's where there is none,
// with what still waits drawn into it.

import { aheadIn } from "./by-hand";
import { along } from "./course";
import { type Laid, laidOut } from "./day";
import { outbox } from "./kept";
import { overlay } from "./overlay";
import type { Halt, Stop } from "./stops";

/** A stop that is ahead: where it stands in the other page, and when it was to be. */
export interface Ahead {
  stop: Stop;
  row: HTMLElement;
  planned: Halt;
}

export interface KeptDay extends Laid {
  ahead: Ahead[];
  /** The day that it is. */
  on: string;
  /** Skipped, or visited already. */
  gone: Set<string>;
}

/** Null where the page cannot be had. */
export async function dayIn(address: string): Promise<KeptDay | null> {
  const page = await pageOf(address);
  if (!page) return null;
  await drawWaiting(page);
  const list = page.querySelector<HTMLElement>("[data-course]");
  return list ? read(list) : { ...NOTHING, ahead: [], on: "", gone: new Set() };
}

const NOTHING: Laid = {
  day: { start: null, depart: 0, end: null, until: 0 },
  stops: [],
  roads: { detour: 1, slowest: 1, faster: 0, fastest: 1, parking: 0 },
};

function read(list: HTMLElement): KeptDay {
  const laid = laidOut(list);
  const rows = [...list.querySelectorAll<HTMLElement>("[data-stop]")];
  const { halts } = along(laid.day, laid.stops, laid.roads);
  const loose = aheadIn(list);
  const ahead = laid.stops.flatMap((stop, at) => {
    const [row, planned] = [rows[at], halts[at]];
    return row && planned && loose.includes(row) ? [{ stop, row, planned }] : [];
  });
  const apart = rows.filter((row) => !loose.includes(row)).map(({ dataset }) => dataset.stop ?? "");
  const gone = new Set([...(list.dataset.skipped ?? "").split(" "), ...apart]);
  return { ...laid, ahead, on: list.dataset.on ?? "", gone };
}

async function pageOf(address: string): Promise<Document | null> {
  const headers = { Kept: "1", "HX-History-Restore-Request": "true" };
  const kept = await fetch(address, { headers }).catch(() => null);
  const answer = kept?.ok ? kept : await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function drawWaiting(page: Document): Promise<void> {
  const asOf = page.querySelector<HTMLMetaElement>("meta[name=as-of]")?.content;
  const taken = (await outbox?.takenSince(asOf ? Number(asOf) : Date.now())) ?? [];
  const waiting = (await outbox?.entries()) ?? [];
  overlay([...taken, ...waiting.filter(({ id }) => !taken.some((one) => one.id === id))], page);
}
