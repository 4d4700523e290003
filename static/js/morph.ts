// When a page is brought up to date around a form, the form must be known as the same one.
// One that has a field named "id" hides its own id behind that field, so the attribute is asked.

import { htmx } from "./htmx";

htmx.registerExtension("form-ids", {
  init(api) {
    const same = api.isSoftMatch;
    api.isSoftMatch = (old, fresh) =>
      old instanceof HTMLFormElement && fresh instanceof HTMLFormElement
        ? old.getAttribute("id") === fresh.getAttribute("id")
        : same(old, fresh);
  },
});

// The focus is given once: a page that is brought up to date does not take it from where somebody writes.
document.addEventListener("htmx:after:swap", () => {
  const field = document.querySelector<HTMLElement>("[autofocus]");
  field?.focus();
  field?.removeAttribute("autofocus");
});
