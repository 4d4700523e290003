// A page that Back brings out of the browser's memory is as old as the day: it is fetched again.
// What is half typed stays, and without a signal the old page does.

import { htmx } from "./htmx";

export async function refresh(): Promise<void> {
  const headers = { "HX-History-Restore-Request": "true" };
  const answer = await fetch(location.href, { headers, cache: "reload" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const [text, body] = [await answer.text(), document.body];
  await htmx.swap({ text, target: body, sourceElement: body, swap: "innerMorph" });
}

addEventListener("pageshow", (event) => {
  const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (event.persisted || arrival?.type === "back_forward") void refresh();
});
