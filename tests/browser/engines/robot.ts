// A page with the real outbox and no driver: it asks the harness what to do next and tells what came of it.

import "../../../static/js/mint";
import { startOutbox } from "../../../static/js/outbox";
import type { Saved } from "../../../static/js/outbox/messages";

interface Wish {
  id: string;
  name: string;
  fields: [string, string][];
  supersedes?: string;
}

interface Order {
  number: number;
  script: string;
  args: unknown[];
}

interface Manner {
  /** Milliseconds between two commands, at most. */
  pause: number;
  /** How many are submitted before the first is awaited, at most. */
  burst: number;
}

type Script = (robot: unknown, ...args: unknown[]) => Promise<unknown>;

const page = document.body.dataset.page;
const outbox = startOutbox();
const said: string[] = [];
const told: string[] = [];
let untold: string[] = [];
let telling = false;

document.addEventListener("outbox:saved", (event) => {
  const { written, kept } = (event as CustomEvent<Saved>).detail;
  told.push(kept);
  said.push(written.id);
  untold.push(written.id);
  void tell();
});
document.addEventListener("outbox:failed", () => told.push("failed"));
document.addEventListener("outbox:restored", () => told.push("restored"));
addEventListener("error", ({ message }) => void post("/robot/complaint", message));
addEventListener("unhandledrejection", ({ reason }) => void post("/robot/complaint", `${reason}`));

/** One telling at a time: hundreds a second would keep everything else from the door. */
async function tell(): Promise<void> {
  if (telling) return;
  telling = true;
  while (untold.length) {
    const now = untold;
    untold = [];
    await post("/robot/said", now);
  }
  telling = false;
}

async function post(address: string, body: unknown): Promise<void> {
  const told = { page, body };
  await fetch(address, { method: "POST", body: JSON.stringify(told) }).catch(() => {});
}

function formOf({ id, name, fields, supersedes }: Wish): HTMLFormElement {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/posted" });
  Object.assign(form.dataset, { command: name, form: "robot" });
  if (supersedes) form.dataset.supersedes = supersedes;
  form.setAttribute("hx-post", "/posted");
  const own: [string, string][] = [["id", id], ["at", ""], ...fields];
  for (const [field, value] of own) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: field, value }));
  }
  form.querySelector<HTMLElement>("[name=id]")?.setAttribute("data-mint", "");
  form.querySelector<HTMLElement>("[name=at]")?.setAttribute("data-now", "");
  return form;
}

/** Submitted as a person does; resolves when the page has said that it is saved. */
function submit(wish: Wish): Promise<string> {
  const form = formOf(wish);
  document.body.append(form);
  (globalThis as { htmx?: { process(element: Element): void } }).htmx?.process(form);
  const done = new Promise<string>((saved, failed) => {
    form.addEventListener("outbox:saved", (event) => {
      saved((event as CustomEvent<Saved>).detail.written.id);
    });
    form.addEventListener("outbox:failed", (event) => {
      failed(new Error(`not saved: ${(event as CustomEvent).detail.error}`));
    });
  });
  form.requestSubmit();
  return done.finally(() => form.remove());
}

let paused = false;

/** Nothing new from now on: what was said to be saved has its second copy a moment later. */
function stop(): void {
  paused = true;
}

async function work(wishes: Wish[], { pause, burst }: Manner): Promise<number> {
  for (let at = 0; at < wishes.length && !paused; ) {
    const next = wishes.slice(at, at + 1 + Math.floor(Math.random() * burst));
    await Promise.all(next.map(submit));
    at += next.length;
    if (pause) await rest(Math.random() * pause);
  }
  return wishes.length;
}

function rest(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** A thumb that wakes the outbox now and then. */
function fidget(everyMs: number): void {
  setInterval(() => dispatchEvent(new Event("focus")), everyMs);
}

async function until(true_: () => unknown, patience = 15_000): Promise<void> {
  const end = performance.now() + patience;
  while (!(await true_())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${true_}`);
    await rest(20);
  }
}

async function drained(patience?: number): Promise<void> {
  await until(async () => {
    const now = await outbox?.situation();
    return now && !now.waiting && !now.sending;
  }, patience);
}

/** All that waits has its second copy, in a browser that has them. */
async function copied(): Promise<void> {
  const bucket = await (navigator as WithBuckets).storageBuckets?.open("roadbook");
  if (!bucket) return;
  await until(async () => {
    const there = new Set((await inDrawer(bucket.indexedDB)).map(({ written }) => written.id));
    return (await outbox?.entries())?.every(({ id, state }) => state === "withdrawn" || there.has(id));
  }, 25_000);
}

interface WithBuckets {
  storageBuckets?: { open(name: string): Promise<{ indexedDB: IDBFactory }> };
}

function inDrawer(databases: IDBFactory): Promise<{ written: { id: string } }[]> {
  return new Promise((found, failed) => {
    const asked = databases.open(`roadbook-${document.body.dataset.person}`);
    asked.onerror = () => failed(asked.error);
    asked.onupgradeneeded = () => asked.transaction?.abort(); // the outbox makes it itself
    asked.onsuccess = () => {
      const all = asked.result.transaction("copies").objectStore("copies").getAll();
      all.onsuccess = () => {
        asked.result.close();
        found(all.result);
      };
    };
  });
}

/** What lies in the database as half written, read past the outbox. */
function drafts(): Promise<string[]> {
  return new Promise((found, failed) => {
    const asked = indexedDB.open(`roadbook-${document.body.dataset.person}`);
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
      all.onsuccess = () => {
        asked.result.close();
        found(all.result.flatMap(({ fields }) => fields.map(([, value]: string[]) => value)));
      };
    };
  });
}

async function carryOut({ number, script, args }: Order): Promise<void> {
  const Maker = (async () => {}).constructor as new (...parts: string[]) => Script;
  try {
    const value = await new Maker("robot", "...args", script)(robot, ...args);
    await post("/robot/done", { number, value: value ?? null });
  } catch (error) {
    await post("/robot/done", { number, error: `${error}` });
  }
}

async function listen(): Promise<void> {
  await post("/robot/hello", location.search);
  for (let last = 0; ; ) {
    const answer = await fetch(`/robot/next?page=${page}&after=${last}`).catch(() => null);
    if (!answer) await rest(200);
    if (answer?.status !== 200) continue;
    const order: Order = await answer.json();
    last = order.number;
    void carryOut(order);
  }
}

const windows: (Window | null)[] = [];
const robot = { windows, outbox, said, told, submit, work, stop, copied, rest, fidget, until, drained, drafts, post };
Object.assign(window, { robot, outbox });
void listen();
