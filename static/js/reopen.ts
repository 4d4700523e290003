// A page whose database does not answer any more may get it back by being opened again (on an iPhone it must):
// it does so by itself when nothing is half written, the server answers, and it has not just done so.

import { outbox } from "./kept";
import { isEmpty } from "./outbox/fields";
import type { Situation } from "./outbox/messages";

const WAIT_MS = 3_000;
const NOT_BEFORE_MS = 60_000;
const DONE = "roadbook-reopened";
let waiting = false;

function justDone(): boolean {
  return Date.now() - Number(sessionStorage.getItem(DONE) ?? 0) < NOT_BEFORE_MS;
}

function halfWritten(): boolean {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-command]")];
  return forms.some((form) => form.ariaBusy === "true" || !isEmpty(form));
}

async function reopen(): Promise<void> {
  const answer = await fetch(location.href, { cache: "reload" }).catch(() => null);
  if (!answer?.ok || !answer.headers.has("Roadbook") || halfWritten() || justDone()) return;
  const now = await outbox?.situation();
  if (!now?.journal && !now?.closed) return;
  sessionStorage.setItem(DONE, String(Date.now()));
  location.reload();
}

document.addEventListener("outbox:changed", (event) => {
  const { journal, closed } = (event as CustomEvent<Situation>).detail;
  if (!(journal || closed) || waiting || justDone()) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    void reopen();
  }, WAIT_MS);
});
