// A page that was opened to mend something (#mend=<id>) has it in its form.

import { outbox } from "./kept";
import { mend } from "./mend";
import { say } from "./say";

async function land(id: string): Promise<void> {
  const entry = (await outbox?.entries())?.find((one) => one.id === id);
  history.replaceState(history.state, "", location.pathname + location.search);
  if (entry?.state === "needs_you" && !mend(entry)) say("not-here");
}

function look(): void {
  const [, id] = location.hash.match(/^#mend=([0-9a-f-]{36})$/) ?? [];
  if (id) void land(id);
}

addEventListener("hashchange", look);
document.addEventListener("page:turned", look);
look();
