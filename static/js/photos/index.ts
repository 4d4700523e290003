// Photos on this page: taken by input[data-takes] ("now": only what was just taken), kept on the phone, sent when nothing written
// waits, shown from the phone where the server has none yet: [data-album].

import { refresh } from "../fresh";
import { outbox } from "../kept";
import type { Situation } from "../outbox/messages";
import { say } from "../say";
import { clock, words } from "../shown";
import { type Album, albumOf } from "./album";
import { send } from "./lane";
import { sha256, shrunk } from "./shrink";

const FINDING_MS = 5_000;
const JUST_NOW_MS = 300_000;
const AGAIN_MS = 30_000;
const ONLY_WIFI = "roadbook-photos-only-wifi";

export const album: Album | null = outbox ? albumOf(outbox.personId) : null;
let waits = true;
let stop = new AbortController();
const pictures = new Map<string, string>();

export function onlyWifi(): boolean {
  return localStorage.getItem(ONLY_WIFI) === "true";
}

export function setOnlyWifi(only: boolean): void {
  localStorage.setItem(ONLY_WIFI, String(only));
  void bringAway();
}

/** Whether this browser tells what it is connected by. */
export function knowsConnection(): boolean {
  return connection()?.type !== undefined;
}

function connection(): { type?: string } | undefined {
  return (navigator as Navigator & { connection?: { type?: string } }).connection;
}

function changed(): void {
  document.dispatchEvent(new Event("photos:changed"));
}

/** Nothing that was written waits, and pictures may use this connection. */
async function free(): Promise<boolean> {
  if (onlyWifi() && connection()?.type === "cellular") return false;
  const now = await outbox?.situation();
  return now !== undefined && !now.waiting && !now.pause && !now.shut_out;
}

/** A page that is left, or that was shut out, asks for nothing any more. */
function isOver(): boolean {
  return (
    document.visibilityState !== "visible" || document.querySelector("[data-shut-out]") !== null
  );
}

async function bringAway(): Promise<void> {
  if (isOver() || !outbox || !album || !waits || !(await free())) return;
  const before = (await album.all()).length;
  if (!before) {
    waits = false;
    return;
  }
  await send({ album, personId: outbox.personId, free, changed, stop: stop.signal });
  const left = (await album.all()).length;
  waits = left > 0;
  if (left < before && document.querySelector(".photo.missing")) void refresh();
}

/** From a phone that was shut out, whatever it is connected by: how many are left on it. */
export async function handOver(): Promise<number> {
  if (!outbox || !album) return 0;
  const free = () => Promise.resolve(true);
  await send({ album, personId: outbox.personId, free, changed, leaving: true });
  return (await album.all()).filter(({ state }) => state === "waiting").length;
}

async function take(field: HTMLInputElement, form: HTMLFormElement): Promise<void> {
  const [file] = field.files ?? [];
  field.value = "";
  if (!file || !album) return;
  const at = new Date();
  const justTaken = Math.abs(at.getTime() - file.lastModified) < JUST_NOW_MS;
  if (field.dataset.takes === "now" && !justTaken) return say("photo-older");
  const here = await position();
  const picture = await shrunk(file, stamp(form, at, here)).catch(() => null);
  if (!picture) return say("photo-unreadable");
  const name = await sha256(picture.bytes);
  const { byteLength: size } = picture.bytes;
  try {
    const kept = { state: "waiting", reason: "", sent: 0 } as const;
    const { type } = picture;
    await album.put({ sha256: name, size, type, at: at.getTime(), ...kept }, picture.bytes);
  } catch {
    return say("photo-no-room");
  }
  waits = true;
  write(form, {
    sha256: name,
    size: String(size),
    type: picture.type,
    taken_at: at.toISOString(),
    from_camera: String(justTaken),
    lat: String(here?.latitude ?? ""),
    lon: String(here?.longitude ?? ""),
    accuracy: String(here?.accuracy ?? ""),
  });
  form.requestSubmit();
}

function write(form: HTMLFormElement, said: Record<string, string>): void {
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-value]")) {
    field.value = said[field.dataset.value ?? ""] ?? "";
  }
}

/** When, at whose place, where. */
function stamp(form: HTMLFormElement, at: Date, here: GeolocationCoordinates | null): string[] {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" });
  const near =
    here &&
    `${here.latitude.toFixed(5)}, ${here.longitude.toFixed(5)} ±${Math.round(here.accuracy)} m`;
  const whose = form.dataset.stamp ?? "";
  return [`${day.format(at)} ${clock(at)} \u00b7 ${whose}`, near ?? words("photo-nowhere")];
}

function position(): Promise<GeolocationCoordinates | null> {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  return new Promise((found) => {
    setTimeout(() => found(null), FINDING_MS + 500);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found(coords),
      () => found(null),
      { enableHighAccuracy: true, timeout: FINDING_MS, maximumAge: 60_000 },
    );
  });
}

/** What the server has not got yet is shown from here. */
async function show(): Promise<void> {
  for (const place of document.querySelectorAll<HTMLElement>("[data-album]")) {
    const name = place.dataset.album || place.querySelector("[data-hole=sha256]")?.textContent;
    if (!name || place.querySelector("img")) continue;
    const src = pictures.get(name) ?? (await read(name).catch(() => undefined));
    if (!src || place.querySelector("img")) continue;
    const alt = place.dataset.alt ?? "";
    place.prepend(Object.assign(document.createElement("img"), { src, alt }));
  }
}

async function read(name: string): Promise<string | undefined> {
  const [found, bytes] = await Promise.all([album?.get(name), album?.bytesOf(name)]);
  if (!found || !bytes) return undefined;
  const src = URL.createObjectURL(new Blob([bytes], { type: found.type }));
  pictures.set(name, src);
  return src;
}

document.addEventListener("change", ({ target: field }) => {
  if (!(field instanceof HTMLInputElement) || field.dataset.takes === undefined) return;
  const { form } = field;
  if (!form || form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  void take(field, form).finally(() => {
    form.ariaBusy = null;
  });
});

document.addEventListener("outbox:saved", () => {
  stop.abort();
  stop = new AbortController();
});
document.addEventListener("outbox:changed", (event) => {
  const { waiting, sending } = (event as CustomEvent<Situation>).detail;
  if (!waiting && !sending) void bringAway();
});
document.addEventListener("overlay:drawn", () => void show());
document.addEventListener("htmx:after:swap", () => void show());
document.addEventListener("visibilitychange", () => void bringAway());
addEventListener("online", () => void bringAway());
setInterval(() => void bringAway(), AGAIN_MS);
void show();
