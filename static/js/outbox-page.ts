// The list of what has not gone yet, drawn from templates of the page.

import { outbox } from "./kept";
import type { Entry, State } from "./outbox/messages";

const WORDS: Record<State, string> = {
  waiting: "on-phone",
  sent: "on-phone",
  received: "received",
  needs_you: "needs-you",
  withdrawn: "withdrawn",
};
const ID = /^[0-9a-f-]{36}$/;

function text(template: string): string {
  const found = document.getElementById(template);
  return found instanceof HTMLTemplateElement ? (found.content.textContent ?? "").trim() : "";
}

/** What was written, told by its longest words. */
function preview(entry: Entry): string {
  const { fields } = JSON.parse(entry.body) as { fields: [string, string][] };
  const words = fields.map(([, value]) => value).filter((value) => !ID.test(value));
  return words.sort((a, b) => b.length - a.length)[0] ?? "";
}

function holes(entry: Entry): Record<string, string> {
  const at = new Date(entry.at);
  return {
    name: text(`command-${entry.name}`) || entry.name,
    at: at.toLocaleString(document.documentElement.lang, {
      timeStyle: "short",
      dateStyle: "short",
    }),
    preview: preview(entry),
    state: text(`state-${WORDS[entry.state]}`),
    reason: entry.result?.reason ?? "",
  };
}

function draw(entry: Entry, row: HTMLTemplateElement): DocumentFragment {
  const drawn = row.content.cloneNode(true) as DocumentFragment;
  for (const [name, value] of Object.entries(holes(entry))) {
    for (const hole of drawn.querySelectorAll(`[data-hole="${name}"]`)) hole.textContent = value;
  }
  const button = drawn.querySelector<HTMLElement>("[data-withdraw]");
  if (button) {
    button.hidden = entry.state !== "needs_you";
    button.addEventListener("click", () => void outbox?.withdraw(entry.id));
  }
  return drawn;
}

async function show(): Promise<void> {
  const list = document.getElementById("outbox-entries");
  const row = document.getElementById("outbox-entry");
  if (!outbox || !list || !(row instanceof HTMLTemplateElement)) return;
  const entries = (await outbox.entries()).filter((entry) => entry.state !== "withdrawn");
  list.replaceChildren(...entries.map((entry) => draw(entry, row)));
  list.hidden = !entries.length;
  document.getElementById("outbox-empty")?.toggleAttribute("hidden", entries.length > 0);
}

document.addEventListener("outbox:changed", () => void show());
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-send-now]")) {
    void outbox?.drain();
  }
});
