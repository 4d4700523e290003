// A form with data-lays-out="<address>" is made of its fields: by the phone where it can, else by the server, which is asked to.
// A button with data-lays="<form>" puts more into it: what its [data-field] say.

import { htmx } from "./htmx";
import { layOut as layOutHere } from "./lines";
import type { Draft, Field } from "./outbox/messages";

document.addEventListener("outbox:lay-out", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  void layOut(form, (event as CustomEvent<Draft>).detail);
});

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-lays]") : null;
  const form = document.getElementById(button?.dataset.lays ?? "");
  if (!button || !(form instanceof HTMLFormElement)) return;
  const parts = [...button.querySelectorAll<HTMLDataElement>("data[data-field]")];
  const fields = parts.map((part): Field => [part.dataset.field ?? "", part.value]);
  button.ariaBusy = "true";
  void layOut(form, { slot: "", id: "", fields: [...fixed(form), ...fields], at: "" }).finally(
    () => {
      button.ariaBusy = null;
    },
  );
});

/** What the form is about. */
function fixed(form: HTMLFormElement): Field[] {
  return [...new FormData(form)].map(([name, value]): Field => [name, String(value)]);
}

async function layOut(form: HTMLFormElement, draft: Draft): Promise<void> {
  if (form.querySelector("[data-once]") || (await layOutHere(form, draft))) return;
  const body = new URLSearchParams(draft.fields);
  if (draft.id) body.set("id", draft.id);
  const headers = { "HX-Request": "true" };
  const address = form.dataset.laysOut ?? "";
  const answer = await fetch(address, { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok || answer.redirected || !answer.headers.has("Roadbook")) return;
  const text = await answer.text();
  const target = form.closest<HTMLElement>("[data-laid-out]");
  if (!target?.isConnected || form.querySelector("[data-once]")) return;
  await htmx.swap({ text, target, sourceElement: target, swap: "outerHTML" });
}
