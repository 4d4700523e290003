// What was refused comes back into its form, with the reason above it: what is sent then takes its place.

import { isEmpty, isLaidOut, restore, said } from "./outbox/fields";
import type { Entry, Field } from "./outbox/messages";

/** By the form's name, because the server may lay the form out anew. */
const mending = new Map<string, Entry>();

/** False when its form is not on this page, or something else is being written in it. */
export function mend(entry: Entry): boolean {
  const { fields } = JSON.parse(entry.body) as { fields: Field[] };
  const form = formOf(entry.name, fields);
  if (!form) return false;
  const there = said(form) === JSON.stringify(fields); // it may have come back as a draft already
  if (!there && begun(form)) return false;
  mending.set(nameOf(form), entry);
  if (!there) restore(form, { slot: "", id: "", fields, at: entry.at });
  mark(form, entry);
  form.scrollIntoView({ block: "center" });
  return true;
}

function nameOf(form: HTMLFormElement): string {
  return form.getAttribute("id") ?? ""; // a field named "id" hides form.id
}

function mark(form: HTMLFormElement, entry: Entry): void {
  form.dataset.supersedes = entry.id;
  tell(form, entry);
}

/** The form of this kind that is about the same. */
function formOf(name: string, fields: Field[]): HTMLFormElement | undefined {
  const wanted = new Map(fields);
  return [...document.querySelectorAll<HTMLFormElement>("form[data-command]")].find(
    (form) =>
      form.dataset.command === name &&
      form.offsetParent !== null &&
      fixed(form).every((field) => wanted.get(field.name) === field.value),
  );
}

function fixed(form: HTMLFormElement): HTMLInputElement[] {
  const own = ":not([data-mint]):not([data-now]):not([data-position])";
  const about = [...form.querySelectorAll<HTMLInputElement>(`input[type=hidden]${own}`)];
  return about.filter((field) => field.value && !field.closest("[data-once]"));
}

function begun(form: HTMLFormElement): boolean {
  if (isLaidOut(form)) return !isEmpty(form);
  return [...form.querySelectorAll<HTMLInputElement>("input,textarea")].some(
    (field) =>
      !["hidden", "radio", "checkbox"].includes(field.type) && field.value !== field.defaultValue,
  );
}

function tell(form: HTMLFormElement, entry: Entry): void {
  const template = document.querySelector<HTMLTemplateElement>("template#refused");
  if (!template) return;
  const notice = template.content.cloneNode(true) as DocumentFragment;
  const reason = notice.querySelector('[data-hole="reason"]');
  if (reason) reason.textContent = entry.result?.reason ?? "";
  for (const old of form.querySelectorAll("[data-refused]")) old.remove();
  form.prepend(notice);
}

document.addEventListener("outbox:saved", ({ target }) => {
  if (!(target instanceof HTMLFormElement)) return;
  mending.delete(nameOf(target));
  for (const old of target.querySelectorAll("[data-refused]")) old.remove();
});

document.addEventListener("htmx:after:swap", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-command]")) {
    const entry = mending.get(nameOf(form));
    if (entry && form.dataset.supersedes !== entry.id) mark(form, entry);
  }
});
