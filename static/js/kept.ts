// The outbox of this page: what it holds is shown, and what the server has taken is fetched.

import { refresh } from "./fresh";
import { htmx } from "./htmx";
import { mint } from "./mint";
import { startOutbox } from "./outbox/index";
import type { Situation } from "./outbox/messages";
import { overlay } from "./overlay";
import { say } from "./say";

interface Asked {
  ctx: { fetch?: () => Promise<Response> };
}

export const outbox = startOutbox();
let known: Situation | null = null;

async function show(now: Situation): Promise<void> {
  for (const badge of document.querySelectorAll<HTMLElement>("[data-outbox-badge]")) {
    const count = badge.querySelector<HTMLElement>("[data-outbox-count]");
    badge.hidden = count?.hidden ?? true;
  }
  const taken = known !== null && now.waiting < known.waiting;
  const refused = known !== null && now.needs_you > known.needs_you;
  known = now;
  const entries = (await outbox?.entries()) ?? [];
  overlay(entries);
  if (taken) {
    await refresh();
    overlay(entries);
  }
  if (refused) say("needs-you");
  mint(document);
}

document.addEventListener("outbox:changed", (event) => {
  void show((event as CustomEvent<Situation>).detail);
});

// What is written later must not arrive earlier: it waits its turn behind what waits.
htmx.registerExtension("turn", {
  htmx_before_request(source: Element, { ctx }: Asked) {
    if (!known?.waiting || !(source instanceof HTMLFormElement) || !source.dataset.command) return;
    ctx.fetch = () => Promise.reject(new TypeError("It waits its turn."));
  },
});
