// What a person typed into a form, read from it and put back.

import type { Draft, Field } from "./messages";

const TYPED = "input:not([type=hidden]):not([type=file]):not([type=password]),textarea,select";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A form with data-lays-out is laid out by the server from its fields: hidden ones count, too. */
export function draftOf(form: HTMLFormElement, slot: string): Draft {
  const fields = isLaidOut(form) ? allOf(form) : typedIn(form);
  return { slot, id: idOf(form)?.value ?? "", fields, at: new Date().toISOString() };
}

function typedIn(form: HTMLFormElement): Field[] {
  return controls(form)
    .filter(isSet)
    .map((one): Field => [one.name, one.value]);
}

function allOf(form: HTMLFormElement): Field[] {
  return [...new FormData(form)]
    .filter(([name]) => name !== "at")
    .map(([name, value]): Field => [name, String(value)]);
}

/** Everything in it but its id and hour, to be compared with another time's. */
export function said(form: HTMLFormElement): string {
  return JSON.stringify(allOf(form).filter(([name]) => name !== "id"));
}

export function isLaidOut(form: HTMLFormElement): boolean {
  return form.dataset.laysOut !== undefined;
}

export function restore(form: HTMLFormElement, draft: Draft): void {
  if (isLaidOut(form)) {
    form.dispatchEvent(new CustomEvent("outbox:lay-out", { bubbles: true, detail: draft }));
    return;
  }
  const left = [...draft.fields];
  for (const control of controls(form)) {
    const tick = isTick(control);
    const place = left.findIndex(
      ([name, value]) => name === control.name && (!tick || value === control.value),
    );
    const [found] = place < 0 ? [] : left.splice(place, 1);
    if (tick) control.checked = found !== undefined;
    else if (found) control.value = found[1];
  }
  const id = idOf(form);
  if (id && draft.id) id.value = draft.id;
  form.dispatchEvent(new CustomEvent("outbox:restored", { bubbles: true, detail: draft }));
}

export function isEmpty(form: HTMLFormElement): boolean {
  if (isLaidOut(form)) return !form.querySelector("[data-once]");
  return controls(form).every((control) => {
    if (isTick(control)) return control.checked === control.defaultChecked;
    if (!(control instanceof HTMLSelectElement)) return control.value === control.defaultValue;
    const usual = Math.max(
      0,
      [...control.options].findIndex((one) => one.defaultSelected),
    );
    return control.selectedIndex === usual;
  });
}

function controls(form: HTMLFormElement): Control[] {
  return [...form.querySelectorAll<Control>(TYPED)].filter((control) => control.name);
}

function isTick(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type);
}

function isSet(control: Control): boolean {
  return !isTick(control) || control.checked;
}

export function idOf(form: HTMLFormElement): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>("input[data-mint]");
}
