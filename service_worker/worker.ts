// What stands between the pages and the network. It knows no word of the business: addresses, and what is kept of them.

import { fill } from "./fill";
import { lookFor, lookUp, type Wish } from "./find";
import { fromPack, setPatience } from "./pages";
import { person, setPerson } from "./person";
import { dropOldShells, fetchShell, fromShell } from "./shell";
import { packOf, standing } from "./store";
import type { Told } from "./whole";

declare const self: ServiceWorkerGlobalScope;

const PATIENCE_MS = 3_000;
/** A part of a page may take longer: what stands there already stays. */
const PART_PATIENCE_MS = 10_000;
/** After the network was silent it is not waited for again for a while. */
const SILENT_MS = 10_000;
let silentUntil = 0;

interface Going {
  kind: "go";
  address: string;
}

interface Asked {
  kind: "fill" | "find" | "look up" | "as of" | "claim" | "take over" | "forget";
  person?: string;
  /** For how long pages are shown without having heard of the server. */
  hours?: number;
  wish?: Wish;
  urls?: string[];
}

self.addEventListener("install", (event) => event.waitUntil(fetchShell()));
self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const asked = event.data as Asked;
  const { kind, person: who, hours } = asked;
  if (kind === "claim") event.waitUntil(self.clients.claim());
  if (kind === "take over") event.waitUntil(takeOver());
  if (event.ports[0]) event.waitUntil(answer(asked, event.ports[0]));
  if (kind === "fill" && who) {
    setPatience(hours ?? 0);
    // Whose pages are shown is for the server to say: an old page may be somebody else's.
    const confirmed = () => setPerson(who);
    const whose = { person: who, confirmed, sentTo };
    event.waitUntil(fill(whose, (told) => void tell(told)).catch(() => {}));
  }
  if (kind === "forget") event.waitUntil(setPerson(""));
});

/** Not while another page is open, which might miss what it was made with. */
async function takeOver(): Promise<void> {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (open.length <= 1) await self.skipWaiting();
}

async function answer(asked: Asked, to: MessagePort): Promise<void> {
  const whose = await person();
  to.postMessage(whose ? await known(whose, asked).catch(() => null) : null);
}

async function known(whose: string, { kind, wish, urls }: Asked): Promise<unknown> {
  if (kind === "find" && wish) return lookFor(whose, wish);
  if (kind === "look up" && urls) return lookUp(whose, urls);
  return kind === "as of" ? (await standing(await packOf(whose))).asOf : null;
}

/** Nothing that is kept is shown any more, wherever else somebody goes. */
async function sentTo(address: string): Promise<void> {
  await setPerson("");
  await tell({ kind: "go", address });
}

async function tell(told: Told | Going): Promise<void> {
  for (const page of await self.clients.matchAll()) page.postMessage(told);
}

type Answer = (request: Request, url: URL) => Promise<Response> | undefined;

/** The first that fits answers; what none answers goes to the network as if there were no worker. */
const ROUTES: [(request: Request, url: URL) => boolean, Answer][] = [
  [({ method }) => method !== "GET", leaving],
  [(_, { pathname }) => pathname.startsWith("/static/"), file],
  [({ headers }) => headers.has("Fresh"), () => undefined],
  [({ headers }) => headers.has("Kept"), onlyKept],
  [({ mode, headers }) => mode === "navigate" || headers.has("HX-History-Restore-Request"), page],
  [({ headers }) => headers.has("HX-Request"), fragment],
];

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  const route = ROUTES.find(([fits]) => fits(event.request, url));
  const answer = route?.[1](event.request, url);
  if (answer) event.respondWith(answer);
});

/** Whoever signs in or out is another person from then on: what is kept of the one before is not shown. */
function leaving(request: Request, { pathname }: URL): Promise<Response> | undefined {
  if (request.mode !== "navigate" || !/^\/sign-(in|out)$/.test(pathname)) return undefined;
  return fetch(request).then(
    async (answer) => {
      await setPerson("");
      return answer;
    },
    // The server has not heard of it: everything is as it was.
    async () => (await fromShell("/away")) ?? Response.error(),
  );
}

async function file(request: Request): Promise<Response> {
  return (await fromShell(request)) ?? fetch(request);
}

async function page(request: Request, url: URL): Promise<Response> {
  const signing = url.pathname === "/sign-in";
  const kept = signing ? undefined : await copyOf(url);
  if (kept && !url.search) return kept;
  const answer = await inTime(request);
  if (signing && answer) await setPerson("");
  // With a question it is not what was asked for, only better than nothing.
  return answer ?? kept ?? (await fromShell(signing ? "/sign-in" : "/away")) ?? Response.error();
}

async function copyOf(url: URL): Promise<Response | undefined> {
  return fromPack(url).catch(() => undefined);
}

/** For a page that turns to another one by itself: at once, or not at all. */
async function onlyKept(_: Request, url: URL): Promise<Response> {
  const kept = url.search ? undefined : await copyOf(url);
  return kept ?? new Response(null, { status: 404, headers: { Roadbook: "1" } });
}

/** Never a page, nor an error, into the middle of a form: without a signal what stands there stays. */
async function fragment(request: Request): Promise<Response> {
  const answer = await inTime(request, PART_PATIENCE_MS);
  const away = { Roadbook: "1", "HX-Trigger": "network:away" };
  return answer ?? new Response(null, { status: 204, headers: away });
}

/** Null when nobody answers in time. A late answer tells at least that somebody is there. */
async function inTime(request: Request, most = PATIENCE_MS): Promise<Response | null> {
  const patience = Date.now() < silentUntil ? PATIENCE_MS / 6 : most;
  const answering = fetch(request).then(
    (answer) => {
      silentUntil = 0;
      return answer;
    },
    () => null,
  );
  const bell = new Promise<null>((done) => setTimeout(() => done(null), patience));
  const answer = await Promise.race([answering, bell]);
  if (!answer) silentUntil = Date.now() + SILENT_MS;
  return answer;
}
