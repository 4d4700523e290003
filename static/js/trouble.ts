// When the network fails the page says so; what was written is still in its form.

import { say } from "./say";

document.addEventListener("htmx:error", ({ target }) => {
  // What only adds to a page is not missed.
  if (!(target instanceof Element && target.closest("[data-quiet]"))) say("no-signal");
});
