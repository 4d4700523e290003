// A phone that was shut out shows nothing but that: <main data-shut-out>, from the server or out of <template id="shut-out">.
// What it holds is handed over meanwhile; then it is wiped.

import { outbox } from "./kept";
import { seeOff } from "./outbox/leavers";
import type { ShutOut, Situation } from "./outbox/messages";
import { noteShutOut, shutOutOf } from "./outbox/shut-out";
import { finishAll, isHalfWiped, wipe } from "./outbox/wipe";
import { handOver } from "./photos/index";
import { copyOf, fill, toggle } from "./shown";

const WIPED = "/shut-out?wiped=1";
const AFTER_ALL = "/today";
const IN_PEACE_MS = 2_000; // others are seen off when the page has done its own work

let wiping = false;

function place(): HTMLElement | null {
  return document.querySelector<HTMLElement>("main[data-shut-out]");
}

/** At once and whatever it is: also out of the browser's memory. */
function hide(farewell: ShutOut): void {
  if (!place()) document.body.replaceChildren(copyOf("shut-out") ?? "");
  navigator.serviceWorker?.controller?.postMessage({ kind: "forget" });
  const shown = place();
  if (!shown) return;
  document.title = shown.querySelector("h1")?.textContent ?? "";
  fill(shown, { since: when(farewell.since), due: when(farewell.due) });
  toggle(shown, { own: farewell.own, office: !farewell.own });
}

/** With its day, whichever that is: somebody may read it weeks later. */
function when(at: string): string {
  const day = { day: "numeric", month: "short", year: "numeric" } as const;
  const how = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat(document.documentElement.lang, how).format(new Date(at));
}

async function show({ shut_out, sending }: Situation): Promise<void> {
  if (!outbox || wiping) return;
  if (!shut_out) {
    if (place()) location.replace(AFTER_ALL);
    return;
  }
  hide(shut_out);
  const words = await outbox.left().catch(() => null);
  if (words === null) return; // what cannot be counted is not nothing
  // Words first, then pictures.
  const pictures = words || sending || shut_out.late ? 0 : await handOver().catch(() => 1);
  const left = words + pictures;
  const page = place();
  if (!page) return;
  fill(page, { left });
  toggle(page, {
    counted: left > 0,
    handing: left > 0 || !shut_out.wipe,
    done: !left && shut_out.wipe,
  });
  if (shut_out.wipe && !sending && (!left || shut_out.late)) await wipeAll();
}

/** What does not come to its end here is ended by the next page. */
async function wipeAll(): Promise<void> {
  const proof = await outbox?.end().catch(() => null);
  if (!outbox || !proof) return;
  wiping = true;
  await wipe(outbox.personId, proof).catch(() => {});
  location.replace(WIPED);
}

/** What the server's own page says, before it was asked. */
function noteFromPage(): void {
  const { since, due, own } = place()?.dataset ?? {};
  if (!outbox || !since || !due) return;
  noteShutOut(outbox.personId, { since, due, own: own !== undefined, wipe: false, late: false });
}

function look(): void {
  const farewell = outbox && shutOutOf(outbox.personId);
  if (farewell) hide(farewell);
}

/** The page before was ended while it wiped. */
async function goOn(): Promise<void> {
  wiping = outbox !== null && isHalfWiped(outbox.personId);
  if (!wiping) return;
  await outbox?.end().catch(() => {});
  await finishAll();
  location.replace(WIPED);
}

noteFromPage();
look();
void goOn();
addEventListener("pageshow", look);
document.addEventListener("page:turned", look);
document.addEventListener("outbox:changed", (event) => {
  void show((event as CustomEvent<Situation>).detail);
});
document.addEventListener("outbox:ended", () => location.replace(WIPED));
setTimeout(() => void seeOff(outbox?.personId ?? ""), IN_PEACE_MS);
