// A page out of the pack, with what pages have in common put in.

import { person } from "./person";
import { withBuild } from "./shell";
import { find, type Pack, type Page, packOf, type Standing } from "./store";
import { fieldsOf } from "./waiting";

/** Of what pages have in common, with what stands in this page for its marks. */
const PART = /<!--part:([\w-]+)(?: (\{.*?\}))?-->/g;
const MARK = /\{(\w+)\}/g;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
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
  const kept = found ?? (await blank(whose, pack, url.pathname));
  if (!kept) return undefined;
  const [page, now] = kept;
  const { asOf } = now;
  if (Date.now() - asOf > patienceMs) return undefined;
  const parts = await partsOf(whose, pack, now, page);
  const whole = page.b
    .replace(PART, (_whole, name: string, said = "{}") => filled(parts.get(name) ?? "", said))
    .replace("<head>", `<head><meta name="as-of" content="${asOf}">`);
  return new Response(withBuild(whole), {
    headers: { "Content-Type": "text/html; charset=utf-8", Roadbook: "1", "As-Of": `${asOf}` },
  });
}

/** What pages have in common is read once for each state of the pack. */
const read = { of: "", parts: new Map<string, string>() };

async function partsOf(
  whose: string,
  pack: Pack,
  { live, version, filling }: Standing,
  page: Page,
): Promise<Map<string, string>> {
  const state = [whose, live, version, filling?.version, filling?.ready].join();
  if (read.of !== state) Object.assign(read, { of: state, parts: new Map() });
  const { parts } = read;
  const names = [...page.b.matchAll(PART)].map(([, name = ""]) => name);
  const missing = names.filter((name) => !parts.has(name));
  await Promise.all(
    missing.map(async (name) => {
      const found = await find(pack, `part:${name}`, "");
      if (found) parts.set(name, found[0].b);
    }),
  );
  return parts;
}

/** `said` maps marks to what stands for them, as HTML. */
function filled(part: string, said: string): string {
  const marks = new Map(Object.entries(JSON.parse(said) as Record<string, string>));
  return part.replace(MARK, (mark, name: string) => marks.get(name) ?? mark);
}

/** Of something that only this phone knows: its marks are filled with what was written down of it. */
async function blank(
  whose: string,
  pack: Pack,
  path: string,
): Promise<[Page, Standing] | undefined> {
  const id = ID.exec(path)?.[0];
  const found = id && (await find(pack, path.replace(id, "{id}"), ""));
  const fields = found && (await fieldsOf(whose, id));
  if (!fields) return undefined;
  const [page, standing] = found;
  const marks = new Map(page.m?.map((name) => [name, name === "id" ? id : fields.get(name)]));
  const b = page.b.replace(MARK, (mark, name: string) =>
    marks.has(name) ? escaped(marks.get(name) ?? "") : mark,
  );
  return [{ ...page, b }, standing];
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** By the phone's own calendar. */
function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
