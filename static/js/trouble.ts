// When the network fails the page says so; what was written is still in its form.

import { say } from "./say";

document.addEventListener("htmx:error", () => say("no-signal"));
