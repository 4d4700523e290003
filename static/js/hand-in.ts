// A colleague's file goes to the server as it is; what became of each entry is shown.

import { outbox } from "./kept";
import { copyOf, fill, moment, title, toggle, words } from "./shown";

const ADDRESS = "/sync/hand-in";
const MEDIA = "application/vnd.roadbook.sync+json";
const LIMIT_MS = 60_000;

interface Item {
  name: string;
  at: string;
  status: string;
  was?: string;
  reason?: string;
}

interface Said {
  name: string;
  proven: boolean;
  count: number;
  taken: number;
  drafts: number;
  items: Item[];
}

async function handIn(file: File): Promise<void> {
  tell(words("handing-in"), file.name);
  const answer = await send(file).catch(() => null);
  if (!answer?.headers.get("Content-Type")?.startsWith(MEDIA)) {
    tell(words("not-handed-in"), words("not-handed-in-more"), "warning");
    return;
  }
  const said = await answer.json();
  if (!answer.ok) tell(words("not-handed-in"), said.reason, "error");
  else told(said);
}

function send(file: File): Promise<Response> {
  return fetch(ADDRESS, {
    method: "POST",
    body: file,
    redirect: "manual",
    headers: { "Content-Type": "application/octet-stream", Person: outbox?.personId ?? "" },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
}

function told({ name, proven, count, taken, drafts, items }: Said): void {
  const more = [
    proven || !count ? "" : words("handed-in-unproven"),
    drafts ? words("handed-in-drafts", { count: drafts }) : "",
  ];
  const well = taken === count && items.every(isGood);
  const kind = well ? "success" : "warning";
  const notice = tell(words("handed-in", { name, count, taken }), more.join(" "), kind);
  notice?.querySelector("ul")?.replaceChildren(...items.flatMap((item) => drawn(item) ?? []));
}

function drawn({ name, at, status, was, reason = "" }: Item): HTMLElement | null {
  const row = copyOf("outbox-gone");
  const fate = words(`fate-${status === "dup" ? was : status}`);
  if (!row) return null;
  fill(row, { title: title(name, "", moment(at)), state: fate, reason });
  toggle(row, { good: isGood({ status, was }), bad: !isGood({ status, was }) });
  return row;
}

function isGood({ status, was }: { status: string; was?: string | undefined }): boolean {
  return ["applied", "review", "deferred", "blocked"].includes(was ?? status);
}

function tell(sum: string, more: string, kind = ""): HTMLElement | null {
  const notice = copyOf("outbox-said");
  if (!notice) return null;
  fill(notice, { sum, more });
  if (kind) notice.classList.add(kind);
  document.getElementById("outbox-file-said")?.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
  return notice;
}

function chooser(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#outbox-file input[type=file]");
}

document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-hand-in]")) chooser()?.click();
});
document.addEventListener("change", ({ target }) => {
  const field = chooser();
  if (!field || target !== field) return;
  const [file] = field.files ?? [];
  if (file) void handIn(file).finally(() => (field.value = ""));
});
