// A form with data-lays-out="<address>" is made by the server from its fields: here it is asked to.

import { htmx } from "./htmx";
import type { Draft } from "./outbox/messages";

document.addEventListener("outbox:lay-out", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  void layOut(form, (event as CustomEvent<Draft>).detail);
});

async function layOut(form: HTMLFormElement, { fields, id }: Draft): Promise<void> {
  const body = new URLSearchParams(fields);
  if (id) body.set("id", id);
  const headers = { "HX-Request": "true" };
  const address = form.dataset.laysOut ?? "";
  const answer = await fetch(address, { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok || answer.redirected || !answer.headers.has("Roadbook")) return;
  const text = await answer.text();
  const target = form.closest<HTMLElement>("[data-laid-out]");
  if (!target?.isConnected || form.querySelector("[data-once]")) return;
  await htmx.swap({ text, target, sourceElement: target, swap: "outerHTML" });
}
