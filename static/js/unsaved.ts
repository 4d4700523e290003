// A form that ends the page's work says first what was typed elsewhere and not yet sent.
// A second tap means it.

const said = new WeakMap<HTMLFormElement, string>();

function typed(field: Element): boolean {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement) || field.type === "hidden") return false;
  if (field.closest("[data-stepper]")) return false; // a number alone says nothing
  return field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
}

function unsent(ending: HTMLFormElement): HTMLElement[] {
  const forms = [...document.forms].filter((form) => form.dataset.command !== undefined);
  const others = forms.filter((form) => form !== ending);
  const fields = others.flatMap((form) => [...form.elements] as HTMLElement[]);
  return fields.filter((field) => "unsent" in field.dataset || typed(field));
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.ends === undefined) return;
    const left = unsent(form) as HTMLInputElement[];
    const what = left.map((field) => `${field.name}=${field.value}`).join();
    const [first] = left;
    if (!first || said.get(form) === what) return;
    said.set(form, what);
    event.preventDefault();
    event.stopImmediatePropagation();
    const notice = document.querySelector<HTMLTemplateElement>("template#unsent");
    if (notice)
      document.getElementById("messages")?.replaceChildren(notice.content.cloneNode(true));
    first.focus();
  },
  { capture: true },
);
