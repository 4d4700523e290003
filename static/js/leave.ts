// Nobody signs out while something waits: whoever comes next could not send it.

import { outbox } from "./kept";
import { say } from "./say";

const free = new WeakSet<HTMLFormElement>();

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.leaves === undefined) return;
    if (!outbox || free.has(form)) return;
    event.preventDefault();
    void outbox.situation().then((now) => {
      if (now.waiting || now.needs_you) return say("still-waiting");
      free.add(form);
      form.requestSubmit();
    });
  },
  { capture: true },
);
