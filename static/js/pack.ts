// The copies of pages on this phone: brought up to date by the worker; a page says how old it is.

import { confirm, refresh, shown } from "./fresh";
import { outbox } from "./kept";
import type { Situation } from "./outbox/messages";
import { clock, words } from "./shown";

const EVERY_MS = 300_000;
const OLD_MS = 86_400_000;

interface Told {
  kind: "pack";
  changed: string[];
  got: number;
  count: number;
  ready: boolean;
  done: boolean;
  asOf: number;
  since: number;
}

/** The server wants every page left, whatever is typed there. */
interface Going {
  kind: "go";
  address: string;
}

const person = document.body.dataset.person ?? "";
const worker = isSecureContext ? navigator.serviceWorker : undefined;
let registration: ServiceWorkerRegistration | undefined;

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

async function begin(): Promise<void> {
  show();
  registration = await worker
    ?.register("/sw.js", { updateViaCache: "none" })
    .catch(() => undefined);
  if (!registration) return;
  await worker?.ready;
  // Whoever came before the worker was there stays without it for good, unless it is told.
  if (!worker?.controller) post({ kind: "claim" });
  await giveWay();
  bringUpToDate();
}

/** As where a page is loaded: it is looked for a newer worker, and for newer pages. */
async function turned(): Promise<void> {
  bringUpToDate();
  void registration?.update().catch(() => {});
  await giveWay();
}

function post(message: object): void {
  (worker?.controller ?? registration?.active)?.postMessage(message);
}

function bringUpToDate(): void {
  const hours = Number(meta("pack-hours"));
  if (person && document.visibilityState === "visible") post({ kind: "fill", person, hours });
}

/** To a newer worker, while nothing is written here and nothing is on its way. */
async function giveWay(): Promise<void> {
  const now = await outbox?.situation();
  const fields = document.querySelectorAll<HTMLTextAreaElement>("textarea");
  const typed = [...fields].some(({ value, defaultValue }) => value !== defaultValue);
  const busy = document.querySelector("form[aria-busy=true],dialog[open]");
  if (!now?.sending && !typed && !busy) registration?.waiting?.postMessage({ kind: "take over" });
}

worker?.addEventListener("message", ({ data }: MessageEvent<Told | Going>) => {
  if (data?.kind === "pack") hear(data);
  if (data?.kind === "go" && location.pathname !== data.address) location.replace(data.address);
});

function hear(told: Told): void {
  const mine = told.changed.includes(location.pathname) || told.changed.includes("*");
  const missed = shown.kept && told.since > shown.at; // what was told while the page was on its way
  // What came over the network since is newer than the copy.
  if ((mine || missed) && told.asOf > shown.at) void refresh(false);
  else if (told.done) confirm(told.asOf);
  show(told);
}

/** A page that came over the network is as it is now. */
function show(told?: Told): void {
  const place = document.querySelector<HTMLElement>(".as-of");
  if (!place) return;
  const filling = told && !told.done && told.count > 0;
  const said = shown.kept ? [words("as-of", { time: clock(new Date(shown.at)) })] : [];
  if (filling) {
    const { got, count, ready } = told;
    said.push(words(ready ? "pack-ready" : "pack-filling", { got, count }));
  }
  place.textContent = said.join(" \u00b7 ");
  place.hidden = !said.length;
  place.classList.toggle("old", shown.kept && Date.now() - shown.at > OLD_MS);
}

let heard: string | null = null;
document.addEventListener("outbox:changed", (event) => {
  const now = (event as CustomEvent<Situation>).detail;
  if (now.sending || now.heard === heard) return;
  heard = now.heard;
  bringUpToDate();
});
document.addEventListener("htmx:after:swap", () => show());
document.addEventListener("page:turned", () => void turned());
document.addEventListener("visibilitychange", bringUpToDate);
addEventListener("online", bringUpToDate);
setInterval(bringUpToDate, EVERY_MS);
void begin();
