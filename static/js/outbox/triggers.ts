// When to try: at every sign of life, and now and then while the page is looked at.

import type { Drafts } from "./drafts";
import type { Drainer } from "./drain";
import type { Message } from "./messages";
import type { Store } from "./store";

const EVERY_MS = 30_000;

interface Answered {
  ctx?: { response?: { raw?: Response } };
}

export interface Look {
  /** Reads how things stand, after the page came back or was new. */
  look(): void;
  /** The server was reached: what its clock said. */
  reached(time: number): void;
}

export function triggers(drain: Drainer, drafts: Drafts, store: Store, { look, reached }: Look) {
  addEventListener("focus", () => void drain.wake(true));
  addEventListener("online", () => void drain.wake(true));
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data?.kind === "drain") void drain.wake(true);
  });
  setInterval(() => {
    if (document.visibilityState === "visible") void drain.wake();
  }, EVERY_MS);

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void drain.wake(true);
    else drafts.flush();
  });
  const leave = () => {
    drafts.flush();
    drafts.release();
    drain.sleep();
  };
  const comeBack = () => {
    drain.rise();
    drafts.adopt();
    look();
  };
  // What a page that was put by has open may be closed, or somebody else's by now.
  const comeBackFromMemory = () => {
    store.anew();
    comeBack();
  };
  addEventListener("pagehide", leave);
  document.addEventListener("freeze", leave);
  addEventListener("pageshow", ({ persisted }) => persisted && comeBackFromMemory());
  document.addEventListener("resume", comeBackFromMemory);
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = (event as CustomEvent<Answered>).detail;
    const headers = ctx?.response?.raw?.headers;
    if (headers?.has("Roadbook")) reached(Date.parse(headers.get("Date") ?? "") || 0);
  });
  // Another page is about to stand here, with forms of its own.
  document.addEventListener("page:leaving", () => {
    drafts.flush();
    drafts.release();
  });
  document.addEventListener("htmx:after:swap", () => {
    drafts.adopt();
    look();
  });
  comeBack();
}
