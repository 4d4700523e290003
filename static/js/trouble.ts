// When the network fails the page says so; what was written is still in its form.

import { isQuiet, say } from "./say";

document.addEventListener("htmx:error", ({ target }) => {
  if (!isQuiet(target)) say("no-signal");
});
// Told by the worker in the place of an answer. What the phone finds by itself needs none.
document.addEventListener("network:away", ({ target }) => {
  const found = target instanceof Element && target.closest("[data-finds]");
  if (!found && !isQuiet(target)) say("no-signal");
});
