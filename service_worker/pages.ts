// A page out of the pack, with what pages have in common put in.

import { person } from "./person";
import { withBuild } from "./shell";
import { find, packOf } from "./store";

const PART = /<!--part:([\w-]+)-->/g;
const HOUR_MS = 3_600_000;

/** How long pages are shown without having heard of the server. */
let patienceMs = 72 * HOUR_MS;

export function setPatience(hours: number): void {
  if (hours > 0) patienceMs = hours * HOUR_MS;
}

/** Undefined when it is not in the pack, or nobody's pack is to be shown. */
export async function fromPack(url: URL): Promise<Response | undefined> {
  const whose = await person();
  if (!whose) return undefined;
  const pack = await packOf(whose);
  const found = await find(pack, url.pathname, today());
  if (!found) return undefined;
  const [page, { asOf }] = found;
  if (Date.now() - asOf > patienceMs) return undefined;
  const parts = new Map<string, string>();
  for (const [, name = ""] of page.b.matchAll(PART)) {
    parts.set(name, (await find(pack, `part:${name}`, ""))?.[0].b ?? "");
  }
  const whole = page.b
    .replace(PART, (_whole, name: string) => parts.get(name) ?? "")
    .replace("<head>", `<head><meta name="as-of" content="${asOf}">`);
  return new Response(withBuild(whole), {
    headers: { "Content-Type": "text/html; charset=utf-8", Roadbook: "1", "As-Of": `${asOf}` },
  });
}

/** By the phone's own calendar. */
function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
