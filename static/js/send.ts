// Choices that take effect when they are tapped, and forms that are empty again once they are sent.

interface Context {
  sourceElement?: Element;
  response?: { status: number };
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLInputElement && field.dataset.send !== undefined) {
    field.form?.requestSubmit();
  }
});

/** The next try is another command: this one was taken, or refused as it was. */
function renew(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-mint],[data-now]")) {
    field.value = "";
  }
}

document.addEventListener("htmx:before:swap", (event) => {
  const ctx = (event as CustomEvent<{ ctx?: Context }>).detail.ctx;
  const sent = ctx?.sourceElement;
  const taken = (ctx?.response?.status ?? 500) < 300;
  if (ctx?.response?.status === 409 && sent instanceof HTMLFormElement) renew(sent);
  if (taken && sent instanceof HTMLFormElement && sent.dataset.command !== undefined) {
    sent.closest("[hx-morph-skip]")?.removeAttribute("hx-morph-skip");
    sent.reset();
    renew(sent);
  }
});
