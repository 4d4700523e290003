// Plus and minus beside a number, for a thumb.

document.addEventListener("click", (event) => {
  const button =
    event.target instanceof Element && event.target.closest<HTMLElement>("button[data-step]");
  if (!button) return;
  const field = button.closest("[data-stepper]")?.querySelector("input");
  if (!field) return;
  const now = Number(field.value.replace(",", ".")) || 0;
  field.value = String(Math.max(1, now + Number(button.dataset.step)));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
