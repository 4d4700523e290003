// When the network fails the page says so; what was written is still in its form.

import { isQuiet, say } from "./say";

document.addEventListener("htmx:error", ({ target }) => {
  if (!isQuiet(target)) say("no-signal");
});
