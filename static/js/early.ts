// A thumb may be quicker than the scripts. What it sends before they are here goes its way when they are;
// where they never come, the ordinary way.

const held = new Map<HTMLFormElement, HTMLElement | null>();

function hold(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.command) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.set(form, event.submitter);
}

document.addEventListener("submit", hold, { capture: true });
document.addEventListener("DOMContentLoaded", () => {
  document.removeEventListener("submit", hold, { capture: true });
  // Once everybody else has heard that the page is complete.
  setTimeout(() => {
    for (const [form, submitter] of held) form.requestSubmit(submitter);
  });
});
