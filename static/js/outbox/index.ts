// The outbox of the person who is signed in: started once a page.

import { capture } from "./capture";
import { drafts } from "./drafts";
import { drainer } from "./drain";
import { written as write } from "./envelope";
import { keep } from "./keep";
import type { Entry, Message, Saved, Situation } from "./messages";
import { withdraw } from "./queue";
import { channel, show, situation } from "./status";
import { storeOf } from "./store";
import { triggers } from "./triggers";

type Entries = Iterable<[string, FormDataEntryValue]>;

export interface Outbox {
  /** Down on this phone; it goes by itself as soon as it can. */
  keepForm(form: HTMLFormElement, entries: Entries): Promise<Saved>;
  situation(): Promise<Situation>;
  /** Everything that has not gone, in the order in which it was written. */
  entries(): Promise<Entry[]>;
  withdraw(id: string): Promise<boolean>;
  drain(): Promise<void>;
}

interface Who {
  personId: string;
  build: string;
}

/** Without a person (nobody is signed in) nothing starts. */
export function startOutbox({ personId, build }: Who = fromPage()): Outbox | null {
  if (!personId) return null;
  const store = storeOf(personId);
  const drain = drainer(store, personId, () => void tell());
  const written = drafts(store, personId);
  const say = channel(personId, hear);

  function hear(message: Message): void {
    if (message.kind === "changed") show(message.situation);
    else void drain.wake(true);
  }

  async function tell(): Promise<void> {
    const now = await situation(store, personId, drain);
    show(now);
    say({ kind: "changed", situation: now });
  }

  function saved(): void {
    void tell();
    void drain.wake();
  }

  async function keepForm(form: HTMLFormElement, entries: Entries): Promise<Saved> {
    const said = write(form, entries, { personId, build });
    const kept = await keep(store, { ...said, draft: written.slotOf(form) });
    saved();
    return kept;
  }

  const first = document.body.dataset.outbox === "first";
  if (first) {
    const how = { personId, build, draftOf: written.slotOf, saved };
    capture({ ...how, keep: (wish) => keep(store, wish) });
  }
  triggers(drain, written, () => void tell());

  return {
    keepForm,
    situation: () => situation(store, personId, drain),
    entries: () => store.read(async (tx) => inOrder(await tx.objectStore("outbox").getAll())),
    async withdraw(id) {
      const gone = await withdraw(store, id);
      await tell();
      void drain.wake();
      return gone;
    },
    drain: () => drain.wake(true),
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
