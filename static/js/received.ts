// What went today, folded away, and the day's receipt: both sides must say the same.

import { outbox } from "./kept";
import type { Receipt, Situation } from "./outbox/messages";
import { type Checked, check, known } from "./outbox/receipt";
import { clock, copyOf, fill, moment, title, toggle, words } from "./shown";

const NEWEST = 50;

let sum = "";
let checking: Promise<void> = Promise.resolve();

document.addEventListener("outbox:changed", (event) => {
  const now = (event as CustomEvent<Situation>).detail;
  if (!document.getElementById("outbox-receipt")) return;
  void show();
  // Asked once for every state of things, when nothing is on its way.
  const state = `${new Date().toDateString()} ${now.waiting} ${now.needs_you} ${now.heard}`;
  if (now.sending || state === sum) return;
  sum = state;
  checking = checking.then(() => (sum === state ? ask() : undefined));
});

async function ask(): Promise<void> {
  if (!outbox) return;
  const before = await known(outbox.store);
  const checked = await check(outbox.store).catch(() => null);
  if (!checked) return;
  const newlyMissing = checked.missing.some((id) => !before.checked?.missing.includes(id));
  if (newlyMissing) outbox.changed();
  await show();
}

async function show(): Promise<void> {
  if (!outbox) return;
  const { checked, receipts, open } = await known(outbox.store);
  const today = receipts.filter(({ received_at }) => isToday(received_at));
  drawReceived(today.filter(({ id }) => !open.has(id)));
  drawReceipt(checked && isToday(checked.from) ? checked : null, receipts);
}

function isToday(at: string): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}

function drawReceived(today: Receipt[]): void {
  const place = document.getElementById("outbox-received");
  if (!place) return;
  place.hidden = !today.length;
  fill(place, { sum: words("received-today", { count: today.length }) });
  place
    .querySelector("ul")
    ?.replaceChildren(...today.slice(0, NEWEST).flatMap((one) => drawn(one) ?? []));
}

function drawn(one: Receipt): HTMLElement | null {
  const row = copyOf("outbox-gone");
  if (!row) return null;
  const state = `${words("state-received")} ${clock(moment(one.received_at))}`;
  fill(row, {
    title: title(one.name, one.about, moment(one.at)),
    state,
    reason: one.result.reason ?? "",
  });
  toggle(row, { good: true, bad: false });
  return row;
}

/** Without an answer of today's it says nothing: it never says more than is known. */
function drawReceipt(checked: Checked | null, receipts: Receipt[]): void {
  const place = document.getElementById("outbox-receipt");
  if (!place) return;
  place.hidden = !checked?.total;
  if (!checked) return;
  const { received, total, missing, strangers, at } = checked;
  const names = missing.map((id) => {
    const one = receipts.find((receipt) => receipt.id === id);
    return one ? title(one.name, one.about, moment(one.at)) : id;
  });
  const more = [
    names.length ? words("receipt-missing", { names: names.join("; ") }) : "",
    strangers ? words("receipt-strangers", { count: strangers }) : "",
  ];
  const sentence = words("receipt", { received, total, time: clock(new Date(at)) });
  fill(place, { sum: sentence, more: more.filter(Boolean).join(" ") });
  place.classList.toggle("success", received === total && !strangers);
  place.classList.toggle("error", missing.length + strangers > 0);
}
