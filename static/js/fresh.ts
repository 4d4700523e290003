// A page is fetched again when it has become older than what is known here: after Back, after sending.
// What is half typed stays, and without a signal the old page does.

import { htmx } from "./htmx";

const QUIET_MS = 1_200;
const LOOK_MS = 200;
let typed = Number.NEGATIVE_INFINITY;

/** When what is shown was asked for, in milliseconds of this phone's clock; `kept`: from its own copy. */
export const shown = { at: performance.timeOrigin, kept: false };
let pages = 0;
notice(document.querySelector<HTMLMetaElement>('meta[name="as-of"]')?.content);

/** A page out of the phone's own copies says as of when it is. */
function notice(asOf: string | undefined, asked = shown.at): void {
  shown.at = asOf ? Number(asOf) : asked;
  shown.kept = asOf !== undefined;
}

/** Another page stands here. */
export function showing(at: number, kept: boolean): void {
  Object.assign(shown, { at, kept });
  pages += 1;
  typed = Number.NEGATIVE_INFINITY;
}

/** The copy that is shown is still the newest there is. */
export function confirm(asOf: number): void {
  if (shown.kept) shown.at = Math.max(shown.at, asOf);
}

/** False when there was no answer of ours, or it was another page's. `asked`: of the server, not of this phone's copy. */
export async function refresh(asked = true): Promise<boolean> {
  for (const page = pages; ; ) {
    await quiet();
    const now = Date.now();
    const text = page === pages ? await fetched(asked) : "";
    if (!text || page !== pages) return false; // what was asked for is not what stands here
    if (!isQuiet()) continue;
    const body = document.body;
    await htmx.swap({ text, target: body, sourceElement: body, swap: "innerMorph" });
    notice(text.match(/<meta name="as-of" content="(\d+)">/)?.[1], now);
    if (shown.kept) document.dispatchEvent(new Event("page:kept"));
    return true;
  }
}

async function fetched(asked: boolean): Promise<string> {
  const headers = { "HX-History-Restore-Request": "true", ...(asked && { Fresh: "1" }) };
  const answer = await fetch(location.href, { headers, cache: "reload" }).catch(() => null);
  if (!answer?.ok || answer.redirected || !answer.headers.has("Roadbook")) return "";
  return answer.text().catch(() => "");
}

/** Nobody's letters are moved about while they type, nor a form that is being sent, nor a dialog in use. */
function isQuiet(): boolean {
  const inUse = document.querySelector('form[aria-busy="true"],dialog[open]');
  return performance.now() - typed >= QUIET_MS && !inUse;
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
