// What a person typed into a form, read from it and put back.

import type { Draft, Field } from "./messages";

const TYPED = "input:not([type=hidden]):not([type=file]):not([type=password]),textarea,select";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function draftOf(form: HTMLFormElement, slot: string): Draft {
  const fields = controls(form)
    .filter(isSet)
    .map((one): Field => [one.name, one.value]);
  return { slot, id: idOf(form)?.value ?? "", fields, at: new Date().toISOString() };
}

export function restore(form: HTMLFormElement, draft: Draft): void {
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
