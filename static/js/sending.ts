// "Send now": how far it has come, and what it waits for.

import { outbox } from "./kept";
import type { Situation } from "./outbox/messages";
import { meta } from "./outbox/store";
import { clock, fill, type Holes, toggle, words } from "./shown";

let all = 0;
let tried = false;

document.addEventListener("outbox:changed", (event) => {
  void show((event as CustomEvent<Situation>).detail);
});
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-send-now]")) return;
  tried = true;
  void outbox?.drain();
});

async function show(now: Situation): Promise<void> {
  const place = document.getElementById("outbox-progress");
  if (!place) return;
  tried ||= now.sending;
  all = now.sending ? Math.max(all, now.waiting) : now.waiting;
  for (const button of document.querySelectorAll<HTMLElement>("[data-send-now]")) {
    button.hidden = !now.waiting;
    button.ariaBusy = String(now.sending && now.waiting > 0);
  }
  const word = now.waiting ? await stateOf(now) : null;
  place.hidden = !word;
  if (word) draw(place, now, word);
}

/** What it waits for; null before it was tried. */
async function stateOf(now: Situation): Promise<[string, Holes] | null> {
  if (now.sending) return ["sending", { done: all - now.waiting, all }];
  if (now.pause) return [`waits-${now.pause}`, { count: now.waiting }];
  const rest = await outbox?.store.read((tx) => meta(tx, "rest")).catch(() => undefined);
  if (rest && Date.now() >= rest.from && Date.now() < rest.until) {
    return ["waits-busy", { time: clock(new Date(rest.until)) }];
  }
  return tried ? ["waits-silent", {}] : null;
}

function draw(place: HTMLElement, now: Situation, [word, holes]: [string, Holes]): void {
  fill(place, { state: words(word, holes), more: words(`${word}-more`, holes) });
  toggle(place, { sign_in: now.pause === "sign_in" });
  place.classList.toggle("warning", !now.sending);
  const bar = place.querySelector("progress");
  if (!bar) return;
  bar.hidden = !now.sending;
  bar.max = Math.max(all, 1);
  bar.value = all - now.waiting;
}
