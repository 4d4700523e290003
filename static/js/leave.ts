// Signing out while something waits: send it now, stay, or take it along as a file. It stays here all the same.

import { exported } from "./export";
import { outbox } from "./kept";
import { say } from "./say";
import { toggle } from "./shown";

const free = new WeakSet<HTMLFormElement>();
let leaving: HTMLFormElement | null = null;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.leaves === undefined) return;
    if (!outbox || free.has(form)) return;
    event.preventDefault();
    leaving = form;
    void ask();
  },
  { capture: true },
);

async function ask(tried = false): Promise<void> {
  const now = await outbox?.situation();
  if (!now || now.waiting + now.needs_you === 0) return goOn();
  say("still-waiting");
  toggle(document, { tried });
}

function goOn(): void {
  if (!leaving) return;
  free.add(leaving);
  leaving.requestSubmit();
}

const CHOICES: Record<string, (button: HTMLElement) => Promise<void>> = {
  async send(button) {
    button.ariaBusy = "true";
    await outbox?.drain();
    await ask(true);
  },
  async stay() {
    document.getElementById("messages")?.replaceChildren();
    leaving?.querySelector<HTMLElement>("button")?.focus();
  },
  async export(button) {
    button.ariaBusy = "true";
    if (await exported(true)) goOn();
    else say("not-exported");
  },
};

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-leave]") : null;
  if (button) void CHOICES[button.dataset.leave ?? ""]?.(button);
});
