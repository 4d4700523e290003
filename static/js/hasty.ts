// A thumb that taps again after the form was saved means the same: nothing new was written in it.

import { isEmpty } from "./outbox/fields";

const HASTE_MS = 1_000;
const saved = new WeakMap<HTMLFormElement, number>();

document.addEventListener("outbox:saved", ({ target }) => {
  if (target instanceof HTMLFormElement) saved.set(target, performance.now());
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.command) return;
    const just = performance.now() - (saved.get(form) ?? Number.NEGATIVE_INFINITY) < HASTE_MS;
    if (!form.closest("[hidden]") && !(just && isEmpty(form))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
