// A page is fetched again when it has become older than what is known here: after Back, after sending.
// What is half typed stays, and without a signal the old page does.

import { htmx } from "./htmx";

const QUIET_MS = 1_200;
const LOOK_MS = 200;
let typed = Number.NEGATIVE_INFINITY;

/** False when there was no answer of ours, or it was another page's. */
export async function refresh(): Promise<boolean> {
  for (;;) {
    await quiet();
    const text = await page();
    if (!text) return false;
    if (!isQuiet()) continue;
    const body = document.body;
    await htmx.swap({ text, target: body, sourceElement: body, swap: "innerMorph" });
    return true;
  }
}

async function page(): Promise<string> {
  const headers = { "HX-History-Restore-Request": "true" };
  const answer = await fetch(location.href, { headers, cache: "reload" }).catch(() => null);
  if (!answer?.ok || answer.redirected || !answer.headers.has("Roadbook")) return "";
  return answer.text().catch(() => "");
}

/** Nobody's letters are moved about while they type, nor a form that is being sent. */
function isQuiet(): boolean {
  return performance.now() - typed >= QUIET_MS && !document.querySelector('form[aria-busy="true"]');
}

async function quiet(): Promise<void> {
  while (!isQuiet()) await new Promise((done) => setTimeout(done, LOOK_MS));
}

document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLElement && target.matches("textarea,input:not([type=radio])")) {
    typed = performance.now();
  }
});
document.addEventListener("outbox:saved", () => {
  typed = Number.NEGATIVE_INFINITY;
});

addEventListener("pageshow", (event) => {
  const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (event.persisted || arrival?.type === "back_forward") void refresh();
});
