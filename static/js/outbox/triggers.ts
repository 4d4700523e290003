// When to try: at every sign of life, and now and then while the page is looked at.

import type { Drafts } from "./drafts";
import type { Drainer } from "./drain";

const EVERY_MS = 30_000;

/** `look` reads how things stand, after the page came back or was new. */
export function triggers(drain: Drainer, drafts: Drafts, look: () => void): void {
  addEventListener("focus", () => void drain.wake(true));
  addEventListener("online", () => void drain.wake(true));
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
  addEventListener("pagehide", leave);
  document.addEventListener("freeze", leave);
  addEventListener("pageshow", ({ persisted }) => persisted && comeBack());
  document.addEventListener("resume", comeBack);
  document.addEventListener("htmx:after:swap", () => {
    drafts.adopt();
    look();
  });
  comeBack();
}
