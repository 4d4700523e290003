// The list of what has not gone yet, drawn from templates of the page.

import { outbox } from "./kept";
import type { Entry, State } from "./outbox/messages";
import { sendAgain } from "./outbox/receipt";
import { age } from "./outbox/status";
import { meta } from "./outbox/store";
import { copyOf, fill, moment, size, title, toggle, words } from "./shown";

const WORDS: Record<State, string> = {
  waiting: "on-phone",
  sent: "on-phone",
  received: "received",
  needs_you: "needs-you",
  withdrawn: "withdrawn",
};
/** No words of a person's: keys, times, and the names of choices. */
const NO_WORDS = /^([0-9a-f-]{36,64}|[a-z_]+|\d{4}-\d\d-\d\d.*|\P{L}*)$/u;

const rows = new Map<string, HTMLElement>();

/** What was written, told by how many lines it has, else by its longest words. */
function preview({ body }: Entry): string {
  if (!body) return "";
  const { fields } = JSON.parse(body) as { fields: [string, string][] };
  const lines = new Set(fields.flatMap(([name]) => /\[(\d+)\]/.exec(name)?.[1] ?? []));
  if (lines.size) return words(lines.size === 1 ? "line" : "lines", { count: lines.size });
  const said = fields.map(([, value]) => value).filter((value) => !NO_WORDS.test(value));
  return said.sort((a, b) => b.length - a.length)[0] ?? "";
}

function reason({ result, body }: Entry): string {
  if (!result) return "";
  const own = result.status === "missing" && !body ? "missing-gone" : result.status;
  return result.reason || words(`reason-${own}`);
}

function newRow(id: string): HTMLElement | null {
  const row = copyOf("outbox-entry");
  row?.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button) tapped(row, id, button.dataset);
  });
  return row;
}

/** A second tap gives it up; the first says what is lost. */
function tapped(row: HTMLElement, id: string, button: DOMStringMap): void {
  if (button.again !== undefined) void again(id);
  if (button.withdrawYes !== undefined) void outbox?.withdraw(id);
  const asks = button.withdraw !== undefined;
  if (!asks && button.withdrawNo === undefined) return;
  toggle(row, { sure: asks, asks: !asks });
  const next = asks ? "[data-withdraw-no]" : "[data-withdraw]";
  row.querySelector<HTMLElement>(next)?.focus();
}

async function again(id: string): Promise<void> {
  if (outbox && (await sendAgain(outbox.store, id))) outbox.changed();
}

function draw(row: HTMLElement, entry: Entry, offset: number): void {
  const needsYou = entry.state === "needs_you";
  const what = preview(entry);
  const name = title(entry.name, entry.about, moment(entry.at, offset));
  fill(row, {
    title: name,
    preview: what,
    state: words(`state-${WORDS[entry.state]}`),
    age: age(entry.at),
    size: entry.body ? size(entry.body) : "",
    reason: reason(entry),
    loss: words("loss", { preview: what || name }),
  });
  row.classList.toggle("pending", !needsYou);
  row.querySelector(".chip")?.classList.toggle("late", needsYou);
  const sure = row.querySelector<HTMLElement>('[data-if="sure"]')?.hidden === false;
  const missing = entry.result?.status === "missing";
  toggle(row, {
    waits: !needsYou,
    needs: needsYou,
    asks: needsYou && !sure,
    sure: needsYou && sure,
    page: Boolean(entry.page) && !missing,
    again: missing && Boolean(entry.body),
  });
  const mend = row.querySelector<HTMLAnchorElement>("[data-mend]");
  if (mend && entry.page) mend.href = `${entry.page}#mend=${entry.id}`;
}

async function show(): Promise<void> {
  const list = document.getElementById("outbox-entries");
  if (!outbox || !list) return;
  const entries = (await outbox.entries()).filter(({ state }) => state !== "withdrawn");
  const server = await outbox.store.read((tx) => meta(tx, "server")).catch(() => undefined);
  const wanted = entries.flatMap((entry) => {
    const row = rows.get(entry.id) ?? newRow(entry.id);
    if (!row) return [];
    draw(row, entry, server?.offset ?? 0);
    rows.set(entry.id, row);
    return [row];
  });
  keepInStep(list, wanted);
  list.hidden = !entries.length;
  document.getElementById("outbox-empty")?.toggleAttribute("hidden", entries.length > 0);
  showFile();
  showOthers(await outbox.others().catch(() => 0));
}

/** Only under what is drawn already: it must not move when a thumb comes down on it. */
function showFile(): void {
  document.getElementById("outbox-file")?.removeAttribute("hidden");
}

/** Whose it is and what it says is nobody's business here. */
function showOthers(count: number): void {
  const place = document.getElementById("outbox-others");
  if (!place) return;
  place.hidden = !count;
  fill(place, { sum: words("others", { count }) });
}

/** What stands there stays where it is: a thumb may be on it. */
function keepInStep(list: HTMLElement, wanted: HTMLElement[]): void {
  for (const row of [...list.children]) {
    if (!wanted.includes(row as HTMLElement)) row.remove();
  }
  wanted.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
}

if (!outbox) showFile();
document.addEventListener("outbox:changed", () => void show());
