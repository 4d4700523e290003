// The photos that wait, on the page of what waits: how many, how far, only by Wi-Fi or not. The screen stays on while they go.

import { copyOf, fill, toggle } from "../shown";
import type { Picture } from "./album";
import { album, knowsConnection, onlyWifi, setOnlyWifi } from "./index";

let awake: WakeLockSentinel | null = null;

async function draw(): Promise<void> {
  const place = document.getElementById("photos-waiting");
  if (!place || !album) return;
  const all = await album.all().catch(() => []);
  place.hidden = !all.length;
  const [count, bytes] = [all.length, all.reduce((sum, { size }) => sum + size, 0)];
  const sent = all.reduce(
    (sum, { size, state, sent }) => sum + (state === "there" ? size : sent),
    0,
  );
  fill(place, { count, size: megabytes(bytes), sent: megabytes(sent) });
  toggle(place, { one: count === 1, several: count !== 1, knows: knowsConnection() });
  const tick = place.querySelector<HTMLInputElement>("[data-only-wifi]");
  if (tick) tick.checked = onlyWifi();
  const bar = place.querySelector("progress");
  if (bar) [bar.max, bar.value] = [bytes || 1, sent];
  refused(
    place,
    all.filter(({ state }) => state === "refused"),
  );
  await stayAwake(all.some(({ state }) => state === "waiting"));
}

function refused(place: HTMLElement, pictures: Picture[]): void {
  const rows = pictures.flatMap(({ sha256, reason }) => {
    const row = copyOf("photos-refused");
    if (!row) return [];
    fill(row, { reason });
    row.querySelector("button")?.addEventListener("click", () => void giveUp(sha256));
    return [row];
  });
  place.querySelector("[data-refused-photos]")?.replaceChildren(...rows);
}

async function giveUp(sha256: string): Promise<void> {
  await album?.drop(sha256);
  await draw();
}

async function stayAwake(sending: boolean): Promise<void> {
  if (!sending) await awake?.release().catch(() => {});
  if (!sending || document.visibilityState !== "visible") awake = null;
  else awake ??= (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
}

function megabytes(bytes: number): string {
  const how = { style: "unit", unit: "megabyte", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(document.documentElement.lang, how).format(bytes / 1_000_000);
}

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.onlyWifi === undefined) return;
  setOnlyWifi(target.checked);
});
document.addEventListener("photos:changed", () => void draw());
document.addEventListener("outbox:changed", () => void draw());
document.addEventListener("visibilitychange", () => void draw());
