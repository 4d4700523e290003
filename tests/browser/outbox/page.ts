// The page of these tests: starts the outbox and tells the test's server what was said to be saved.

import "../../../static/js/mint";
import "../../../static/js/locate";
import { startOutbox } from "../../../static/js/outbox";
import type { Saved } from "../../../static/js/outbox/messages";
import { sha256 } from "../../../static/js/outbox/sha256";

const said: string[] = [];
const told: string[] = [];

document.addEventListener("outbox:saved", (event) => {
  const { written, kept } = (event as CustomEvent<Saved>).detail;
  told.push(kept);
  said.push(written.id);
  void fetch("/said", { method: "POST", body: written.id }).catch(() => {});
});
document.addEventListener("outbox:failed", () => told.push("failed"));
document.addEventListener("outbox:restored", () => told.push("restored"));
document.addEventListener("htmx:after:swap", () => told.push("swapped"));

Object.assign(window, { outbox: startOutbox(), sha256, said, told });
