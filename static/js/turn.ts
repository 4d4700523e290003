// A link to a page that this phone keeps turns to it in place: three times as quick as a document that
// the browser loads anew. What was left stays as it was, for whoever comes back.

import { refresh, showing, shown } from "./fresh";
import { htmx } from "./htmx";
import { newId } from "./outbox/ids";

/** What stands in the document for an address. */
interface Sheet {
  address: string;
  title: string;
  classes: string;
  about: string;
  parts: Node[];
  at: number;
  kept: boolean;
  scrolled: number;
}

const KEPT = 6; // that were left
const REST_MS = 12_000; // longer than a position is looked for
const LOOK_MS = 50;
const PATIENCE_MS = 1_000; // a worker that does not answer holds up nobody
const LASTING = ["meta[name=build]", "meta[name=outbox-key]", "meta[name=pack-hours]"];

let here = (history.state as Place | null)?.sheet ?? newId();
let address = addressOf(location);
let latest = 0;
const left = new Map<string, Sheet>();

interface Place {
  sheet?: string;
}

function addressOf({ pathname, search }: Location | URL): string {
  return pathname + search;
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || event.defaultPrevented || !plain(event) || !turns(link)) return;
  event.preventDefault();
  link.ariaBusy = "true";
  void turnTo(goalOf(link)).finally(() => {
    link.ariaBusy = null;
  });
});

function plain({ button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey;
}

/** Also of a link in a drawing, whose own `href` is no text. */
function goalOf(link: Element): URL {
  return new URL(link.getAttribute("href") ?? "", location.href);
}

/** Not out of a dialog: that is for the browser to end, as ever. */
function turns(link: HTMLAnchorElement): boolean {
  const { origin, search } = goalOf(link);
  if (origin !== location.origin || search || link.dataset.live !== undefined) return false;
  const target = link.getAttribute("target");
  if ((target && target !== "_self") || link.hasAttribute("download")) return false;
  if (addressOf(goalOf(link)) === address) return false;
  const asks = document.querySelector("dialog[open]");
  return !asks && Boolean(navigator.serviceWorker?.controller);
}

async function turnTo(url: URL): Promise<void> {
  const mine = ++latest;
  await atRest();
  const page = await pageOf(url);
  if (mine !== latest) return; // another link was tapped
  if (!page) {
    location.assign(url.href);
    return;
  }
  leave();
  history.replaceState({ sheet: here } satisfies Place, "");
  here = newId();
  history.pushState({ sheet: here } satisfies Place, "", url.href);
  put(page, addressOf(url));
}

/** What was tapped before, and still finds its place or makes a picture small, is written down first. */
async function atRest(): Promise<void> {
  const until = performance.now() + REST_MS;
  const busy = () => document.querySelector("form[aria-busy=true]");
  while (busy() && performance.now() < until)
    await new Promise((done) => setTimeout(done, LOOK_MS));
}

/** Null when it is not kept, or not made for what this document has loaded. */
async function pageOf(url: URL): Promise<Document | null> {
  const text = await copyOf(url).catch(() => null);
  const page = text && new DOMParser().parseFromString(text, "text/html");
  return page && fits(page) ? page : null;
}

async function copyOf(url: URL): Promise<string | null> {
  const headers = { Kept: "1", "HX-History-Restore-Request": "true" };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  // A worker of an older build goes to the network.
  const kept = answer.ok && !answer.redirected && answer.headers.has("As-Of");
  return kept ? answer.text() : null;
}

function fits(page: Document): boolean {
  const same = (mark: string) =>
    page.querySelector(mark)?.outerHTML === document.querySelector(mark)?.outerHTML;
  const { lang, dataset } = page.documentElement;
  const root = document.documentElement;
  const whose = page.body.dataset.person === document.body.dataset.person;
  return whose && lang === root.lang && dataset.theme === root.dataset.theme && LASTING.every(same);
}

/** Keeps what stands here, with what is half typed in it. */
function leave(): void {
  document.dispatchEvent(new Event("page:leaving"));
  left.set(here, { ...sheetOf(document), address, ...shown, scrolled: scrollY });
  for (const oldest of [...left.keys()].slice(0, -KEPT)) left.delete(oldest);
  history.scrollRestoration = "manual";
}

function sheetOf({ title, body }: Document) {
  const { className: classes, childNodes, dataset } = body;
  return { title, classes, about: dataset.about ?? "", parts: [...childNodes] };
}

function put(page: Document, where: string): void {
  const asOf = page.querySelector<HTMLMetaElement>("meta[name=as-of]")?.content;
  document.dispatchEvent(new CustomEvent("page:coming", { detail: page.body }));
  stand({ ...sheetOf(page), address: where, at: Number(asOf), kept: true, scrolled: 0 });
  htmx.process(document.body);
  stood();
  const goal = location.hash && document.getElementById(location.hash.slice(1));
  if (goal) goal.scrollIntoView();
  if (document.activeElement === document.body) {
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}

function stand(sheet: Sheet): void {
  address = sheet.address;
  document.title = sheet.title;
  document.body.className = sheet.classes;
  document.body.dataset.about = sheet.about;
  document.body.replaceChildren(...sheet.parts);
  showing(sheet.at, sheet.kept);
  scrollTo(0, sheet.scrolled);
}

function stood(): void {
  document.body.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true, detail: {} }));
  document.dispatchEvent(new Event("page:turned"));
}

addEventListener("popstate", ({ state }) => {
  const sheet = (state as Place | null)?.sheet;
  const stays = sheet ? sheet === here : addressOf(location) === address;
  if (!stays) void goBackTo(sheet);
});

async function goBackTo(wanted: string | undefined): Promise<void> {
  const mine = ++latest;
  const before = left.get(wanted ?? "");
  const page = before ? null : await pageOf(new URL(location.href));
  await atRest();
  if (mine !== latest) return;
  if (!before && !page) {
    location.reload();
    return;
  }
  leave();
  here = wanted ?? newId();
  left.delete(here);
  if (before) {
    stand(before);
    stood();
    void refresh();
  } else if (page) put(page, addressOf(location));
}

// What stands here goes by another address now, such as that of a search; htmx would fetch it again.
document.addEventListener("htmx:after:history:update", () => {
  address = addressOf(location);
});
document.addEventListener("htmx:before:history:restore", (event) => event.preventDefault());
addEventListener("pagehide", () => {
  history.scrollRestoration = "auto";
});
