// [data-copies]: what stands in the [data-copied] beside it is copied, to be put in wherever it is wanted.

import { toggle } from "./shown";

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-copies]") : null;
  const text = button?.closest("li")?.querySelector("[data-copied]")?.textContent;
  if (!button || !text) return;
  const say = (copied: boolean) => toggle(button, { copies: !copied, copied });
  navigator.clipboard.writeText(text).then(
    () => say(true),
    () => say(false),
  );
});
