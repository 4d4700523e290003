// A suggestion that is tapped fills the fields that it names with data-into.

function fill(target: HTMLElement, from: HTMLElement): void {
  if (from instanceof HTMLTemplateElement) {
    target.replaceChildren(from.content.cloneNode(true));
  } else if (target instanceof HTMLInputElement && from instanceof HTMLDataElement) {
    target.value = from.value;
  }
}

document.addEventListener("click", (event) => {
  const option =
    event.target instanceof Element && event.target.closest<HTMLElement>("[data-pick]");
  if (!option) return;
  for (const part of option.querySelectorAll<HTMLElement>("[data-into]")) {
    const target = document.getElementById(part.dataset.into ?? "");
    if (!target) continue;
    fill(target, part);
    target.closest(".field[hidden]")?.removeAttribute("hidden");
  }
  const list = option.closest<HTMLElement>('[role="listbox"]');
  const field = document.querySelector<HTMLElement>(`[aria-controls="${list?.id}"]`);
  list?.replaceChildren();
  field?.setAttribute("aria-expanded", "false");
  field?.focus();
});

// What was picked no longer holds once the text is another.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset.clears) return;
  const picked = document.getElementById(field.dataset.clears);
  if (picked instanceof HTMLInputElement) picked.value = "";
});

document.addEventListener("htmx:after:swap", () => {
  for (const list of document.querySelectorAll('[role="listbox"][id]')) {
    const field = document.querySelector(`[aria-controls="${list.id}"]`);
    field?.setAttribute("aria-expanded", String(list.childElementCount > 0));
  }
});
