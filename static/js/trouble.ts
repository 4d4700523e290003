// When the network fails the page says so; what was written is still in its form.

import { say } from "./say";

document.addEventListener("htmx:error", () => say("no-signal"));
// Told by the worker in the place of an answer. What the phone finds by itself needs none.
document.addEventListener("network:away", ({ target }) => {
  if (!(target instanceof Element && target.closest("[data-finds]"))) say("no-signal");
});
