// The outbox of the person who is signed in: started once a page.

import { capture } from "./capture";
import { storeOf } from "./connection";
import { drafts } from "./drafts";
import { drainer } from "./drain";
import { drawerOf } from "./drawer";
import { contentsOf } from "./envelope";
import { watch } from "./health";
import { number } from "./jots";
import { inJournal, writtenBeside } from "./journal";
import { keep } from "./keep";
import { makeWhole } from "./known";
import { lastRead } from "./last-read";
import { takenSince } from "./late";
import { leftOver } from "./left-over";
import type { Entry, Health, Message, Proof, Situation, Written } from "./messages";
import { moveIn } from "./move-in";
import { others } from "./others";
import { deviceOf, withdraw } from "./queue";
import { shutOutOf } from "./shut-out";
import { channel, show, situationOf } from "./status";
import { jotsOf, meta, type Store, type Tx } from "./store";
import { triggers } from "./triggers";

export interface Outbox {
  situation(): Promise<Situation>;
  /** Everything that has not gone, in the order in which it was written. */
  entries(): Promise<Entry[]>;
  /** As it was when the page came. */
  readonly first: Promise<Entry[]>;
  /** What the server has taken since then, in milliseconds of this phone's clock. */
  takenSince(then: number): Promise<Entry[]>;
  /** How well this phone keeps what is written on it. */
  health(): Promise<Health>;
  /** How many of other people's wait on this phone. */
  others(): Promise<number>;
  /** The person knows now that something was lost. */
  wasRead(): void;
  withdraw(id: string): Promise<boolean>;
  drain(): Promise<void>;
  /** For those that look at it as a whole: the receipt, the file to carry. */
  readonly store: Store;
  readonly personId: string;
  /** Something else has changed what waits. */
  changed(): void;
  /** How many the server has never had. */
  left(): Promise<number>;
  /** No page that is open now opens it again. Resolves with what proves this phone. */
  end(): Promise<Proof>;
}

interface Who {
  personId: string;
  build: string;
}

/** Without a person (nobody is signed in) nothing starts. */
export function startOutbox({ personId, build }: Who = fromPage()): Outbox | null {
  if (!personId) return null;
  const drawer = drawerOf(personId);
  const store = storeOf(personId, (opened, name) => makeWhole(opened, { personId, name, drawer }));
  const places = { store, drawer };
  const stored = lastRead(store, everything, { all: [], jots: [] });
  const health = watch(store, personId, () => void tell());
  const drain = drainer(places, personId, () => void tell());
  const written = drafts(store, personId);
  const standing = situationOf(store, personId);
  const say = channel(personId, hear);

  function hear(message: Message): void {
    if (message.kind === "changed") show(message.situation);
    else if (message.kind === "ended") endHere();
    else void drain.wake(true);
  }

  async function stand(): Promise<Situation> {
    const now = { ...(await health.look()), ...(await standing(drain)) };
    return { ...now, shut_out: drain.shutOut ?? shutOutOf(personId) };
  }

  function close(): void {
    drain.sleep();
    store.end();
  }

  function endHere(): void {
    close();
    document.dispatchEvent(new CustomEvent("outbox:ended"));
  }

  async function tell(): Promise<void> {
    const now = await stand();
    show(now);
    say({ kind: "changed", situation: now });
  }

  async function saved(): Promise<void> {
    try {
      if (await number(places)) health.tried();
    } catch (error) {
      health.tried(error); // it gets its number with the next batch
    }
    changed();
  }

  function changed(): void {
    void tell();
    void drain.wake();
  }

  async function entries(): Promise<Entry[]> {
    const { found, unread } = await stored();
    const { all, jots } = found;
    const beside = unread ? writtenBeside(personId) : inJournal(personId);
    return [...inOrder(all), ...[...jots, ...beside].map(asEntry)];
  }

  const how = { personId, build, draftOf: written.slotOf, saved };
  capture({ ...how, keep: (wish) => keep(places, wish, health.tried) });
  const first = entries(); // before anything is sent
  triggers(drain, written, store, { look: () => void tell(), reached: health.reached });
  document.addEventListener("overlay:drawn", () => written.adopt());
  moveIn(places, personId, changed);

  return {
    situation: stand,
    health: health.look,
    others: () => others(personId),
    wasRead: health.wasRead,
    entries,
    first,
    takenSince: (then) => takenSince(store, then),
    async withdraw(id) {
      const gone = await withdraw(store, id);
      await tell();
      void drain.wake();
      return gone;
    },
    drain: () => drain.wake(true),
    store,
    personId,
    changed,
    left: () => leftOver(store, personId),
    async end() {
      const proof = await store.read(async (tx) => ({
        device: (await deviceOf(tx)).id,
        proof: (await meta(tx, "secret")) ?? "",
      }));
      say({ kind: "ended" });
      close();
      return proof;
    },
  };
}

async function everything(tx: Tx): Promise<{ all: Entry[]; jots: Written[] }> {
  return { all: await tx.objectStore("outbox").getAll(), jots: await jotsOf(tx) };
}

/** What has no number yet. */
function asEntry(written: Written): Entry {
  const { id, name, page, about } = written;
  const contents = contentsOf(written);
  const body = JSON.stringify(written);
  return {
    id,
    name,
    page,
    about,
    contents,
    body,
    state: "waiting",
    sha: "",
    at: written.authored.at,
  };
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0) || a.at.localeCompare(b.at));
}

/** `<body data-person="…">` and `<meta name="build" content="…">`. */
function fromPage(): Who {
  const build = document.querySelector<HTMLMetaElement>('meta[name="build"]');
  return { personId: document.body.dataset.person ?? "", build: build?.content ?? "" };
}
