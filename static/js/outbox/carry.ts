// Everything that waits, as one file that only the company's server can open: docs/sync.md.

import { addressed, sealed as written } from "./envelope";
import { newId } from "./ids";
import { inJournal, replay } from "./journal";
import type { Draft, Entry, Written } from "./messages";
import { depsOf, deviceOf } from "./queue";
import { type Device, jotsOf, meta, type Store } from "./store";

const VERSION = 1;
const PURPOSE = "roadbook outbox";
const CURVE = { name: "ECDH", namedCurve: "P-256" };

type Bytes = Uint8Array<ArrayBuffer>;

export interface Parcel {
  text: string;
  count: number;
}

type Sent = [sha: string, body: string];

interface Load {
  device: string;
  secret: string | undefined;
  entries: Sent[];
  drafts: Draft[];
}

/** A page over plain http has no cryptography: then nothing can be exported. */
export function canCarry(key: string): boolean {
  return Boolean(key && globalThis.crypto?.subtle);
}

/** `key` is the server's public point in base64. What is on the phone stays there. */
export async function parcel(store: Store, personId: string, key: string): Promise<Parcel> {
  const load = await everything(store, personId);
  const contents = JSON.stringify({ entries: load.entries, drafts: load.drafts });
  const proof = load.secret ? await proofOf(contents, fromHex(load.secret)) : "";
  const open = {
    v: VERSION,
    person: personId,
    device: load.device,
    made_at: new Date().toISOString(),
    count: load.entries.length,
    key_id: toHex(await digest(fromBase64(key))).slice(0, 16),
  };
  const said = bytesOf(Object.values(open).join("\n"));
  const hidden = await seal(bytesOf(JSON.stringify({ contents, proof })), fromBase64(key), said);
  const text = JSON.stringify({ roadbook: "outbox", ...open, ...hidden });
  return { text, count: load.entries.length };
}

/** While the database does not open, the journal is all there is: numbered as by a phone of its own. */
async function everything(store: Store, personId: string): Promise<Load> {
  try {
    await replay({ store }, personId).catch(() => {}); // without room it stays where it is
    return await store.read(async (tx) => {
      const device = await deviceOf(tx);
      const numbered = (await tx.objectStore("outbox").getAll()).filter(waits);
      const held = new Set(numbered.map(({ id }) => id));
      const noted = inJournal(personId).filter(({ id }) => !held.has(id));
      const jots = [...(await jotsOf(tx)), ...noted];
      const deps = await Promise.all(jots.map((jot) => depsOf(tx, jot)));
      return {
        device: device.id,
        secret: await meta(tx, "secret"),
        entries: [...numbered.map(asSent), ...following(device, jots, deps)],
        drafts: await tx.objectStore("drafts").getAll(),
      };
    });
  } catch {
    return noted(personId);
  }
}

/** What was taken back is not sent by another way. */
function waits({ state, body }: Entry): boolean {
  return state !== "withdrawn" && body !== "";
}

function noted(personId: string): Load {
  const device: Device = { id: newId(), seq: 0, sha: "", acked: { seq: 0, sha: "" } };
  const entries = following(device, inJournal(personId));
  return { device: device.id, secret: undefined, entries, drafts: [] };
}

function asSent({ sha, body }: Entry): Sent {
  return [sha, body];
}

/** What has no number yet gets the next ones. */
function following(last: Device, wishes: Written[], deps: string[][] = []): Sent[] {
  let device = last;
  return wishes.map((wish, place) => {
    const { sha, body } = written(addressed(wish, device, deps[place] ?? []));
    device = { ...device, seq: device.seq + 1, sha };
    return [sha, body];
  });
}

/** ECDH with a key of this file's own, HKDF, AES-256-GCM over `plain` and the open `said`. */
async function seal(plain: Bytes, theirs: Bytes, said: Bytes) {
  const { subtle } = crypto;
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = await subtle.importKey("raw", theirs, CURVE, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: point }, own.privateKey, 256);
  const epk = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const how = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array([...epk, ...theirs]),
    info: bytesOf(PURPOSE),
  };
  const base = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const secret = await subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: said }, secret, plain);
  return { epk: base64(epk), iv: base64(iv), data: base64(new Uint8Array(data)) };
}

/** That this phone made it: it alone has what the server gave to this device. */
async function proofOf(contents: string, secret: Bytes): Promise<string> {
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, how, false, ["sign"]);
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesOf(contents))));
}

async function digest(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}

function toHex(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function base64(bytes: Bytes): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return btoa(letters.join(""));
}
