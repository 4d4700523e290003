// Walks through the app in the frame as it is told, with the hands of a person: fields are filled, buttons are tapped.

const frame = document.getElementById("app");
const PATIENCE_MS = 20_000;
let place = null;

const page = () => frame.contentDocument;
const all = (selector) => [...page().querySelectorAll(selector)].filter(seen);
const one = (selector) => all(selector)[0];
const seen = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function until(holds, what = String(holds)) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (performance.now() > end) {
      throw new Error(`waited in vain: ${what} at ${frame.contentWindow.location.pathname}: ${page().body.innerText.slice(0, 400)}`);
    }
    await pause(50);
  }
}

/** Until the scripts of the page are at work. */
async function ready() {
  await until(() => page()?.readyState === "complete" && page().documentElement.dataset.outbox);
  const { navigator } = frame.contentWindow;
  const geolocation = {
    getCurrentPosition(found, failed) {
      if (place) found({ coords: { latitude: place[0], longitude: place[1], accuracy: 15 } });
      else failed({ code: 2 });
    },
  };
  Object.defineProperty(navigator, "geolocation", { value: geolocation, configurable: true });
}

async function go(path) {
  const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
  frame.contentWindow.location.href = path;
  await loaded;
  await ready();
}

function write(selector, text) {
  const field = one(selector);
  if (!field) throw new Error(`no field ${selector} at ${frame.contentWindow.location.pathname}`);
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

async function tap(selector) {
  const button = await until(() => one(selector), `${selector} to be there`);
  button.click();
}

function at(lat, lon) {
  place = lat === null ? null : [lat, lon];
}

/** As a camera would: another picture for each colour. */
async function photograph(colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 900 });
  const paper = canvas.getContext("2d");
  for (let x = 0; x < 1200; x += 12) {
    for (let y = 0; y < 900; y += 12) {
      paper.fillStyle = `hsl(${(colour + x * y) % 360} ${(x * 7 + y * 3) % 100}% ${(x + y * 5) % 100}%)`;
      paper.fillRect(x, y, 12, 12);
    }
  }
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  const { DataTransfer, File } = frame.contentWindow;
  const files = new DataTransfer();
  files.items.add(new File([blob], "door.jpg", { type: "image/jpeg" }));
  const field = page().querySelector("input[data-takes]");
  field.files = files.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function stored(name, store, ask) {
  return new Promise((done) => {
    const open = indexedDB.open(name);
    open.onupgradeneeded = () => open.transaction.abort();
    open.onerror = () => done(undefined);
    open.onsuccess = () => {
      const db = open.result;
      if (!db.objectStoreNames.contains(store)) return done(undefined), db.close();
      const asked = ask(db.transaction(store).objectStore(store));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(undefined);
      asked.transaction.oncomplete = () => db.close();
    };
  });
}

/** Whether all pages are on this phone, and shown from it. */
async function packed() {
  const person = page().body.dataset.person;
  const now = await stored(`pack-${person}`, "standing", (standing) => standing.get("now"));
  const { serviceWorker } = frame.contentWindow.navigator;
  return Boolean(serviceWorker?.controller && now?.version && !now.filling);
}

/** How much is on this phone and nowhere else. */
async function left() {
  const person = page().body.dataset.person;
  const photos = await stored(`photos-${person}`, "pictures", (pictures) => pictures.count());
  const count = page().querySelector("[data-outbox-count=waiting]");
  return [Number(count?.hidden ? 0 : count?.textContent), photos ?? 0];
}

const words = { stored, go, write, tap, at, photograph, packed, left, until, one, all, page, pause, frame };

async function obey({ number, script, args }) {
  const names = Object.keys(words);
  const deed = Object.getPrototypeOf(async () => {}).constructor;
  try {
    const value = await new deed("args", ...names, script)(args, ...Object.values(words));
    return { number, value: value ?? null };
  } catch (error) {
    return { number, error: String(error?.stack ?? error) };
  }
}

let after = 0;
for (;;) {
  const answer = await fetch(`/walker/next?after=${after}`, { cache: "no-store" }).catch(() => null);
  const order = await answer?.json().catch(() => null);
  if (!answer) await pause(300);
  if (after === 0) after = -1;
  if (!order) continue;
  after = order.number;
  const body = JSON.stringify(await obey(order));
  await fetch("/walker/done", { method: "POST", body });
}
