// When the network fails the page says so, and what was written goes into the outbox.

import { outbox } from "./kept";
import { mint } from "./mint";
import { say } from "./say";

interface Trouble {
  ctx?: {
    sourceElement?: Element;
    request?: { body?: unknown };
    response?: { raw?: Response };
  };
}

/** Taken out of the page: what goes only once, such as the lines of a list that was sent. */
function begin(form: HTMLFormElement): void {
  for (const done of form.querySelectorAll("[data-once]")) done.remove();
  form.reset();
  for (const own of form.querySelectorAll<HTMLInputElement>("[data-mint],[data-now]")) {
    own.value = "";
  }
  mint(form);
}

type Entries = Iterable<[string, FormDataEntryValue]>;

/** As it was sent: by now fields may be disabled, which a form leaves out. */
function sent(form: HTMLFormElement, body: unknown): Entries {
  return body instanceof FormData || body instanceof URLSearchParams ? body : new FormData(form);
}

async function keep(form: HTMLFormElement, entries: Entries): Promise<void> {
  if (!outbox) throw new Error("Nobody is signed in.");
  await outbox.keepForm(form, entries);
  begin(form);
  say("kept");
}

document.addEventListener("htmx:error", (event) => {
  const ctx = (event as CustomEvent<Trouble>).detail.ctx;
  const form = ctx?.sourceElement;
  const answered = ctx?.response?.raw?.headers.has("Roadbook");
  if (answered || !(form instanceof HTMLFormElement) || !form.dataset.command) say("no-signal");
  else void keep(form, sent(form, ctx?.request?.body)).catch(() => say("no-signal"));
});
