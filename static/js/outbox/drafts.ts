// Forms with data-draft="<key>" keep what is typed, and have it again after the browser was killed.

import { draftOf, idOf, isEmpty, isLaidOut, restore } from "./fields";
import { newId } from "./ids";
import type { Draft } from "./messages";
import { beginningWith, type Store } from "./store";

const PAUSE_MS = 300;
const PATIENCE_MS = 800; // the page before this one may still be letting go

/** `slot` is where the form's draft lies; null until it is known whose the key is. */
interface Place {
  key: string;
  slot: string | null;
}

export interface Drafts {
  slotOf(form: HTMLFormElement): string | null;
  adopt(): void;
  flush(): void;
  release(): void;
}

export function drafts(store: Store, personId: string): Drafts {
  const slots = new Map<HTMLFormElement, Place>();
  const timers = new Map<HTMLFormElement, ReturnType<typeof setTimeout>>();
  let release = () => {};
  let released = new Promise<void>((done) => {
    release = done;
  });

  async function settle(form: HTMLFormElement, place: Place): Promise<void> {
    const first = await mine(place.key);
    const draft = first ? await left(place.key) : undefined;
    if (slots.get(form) !== place) return;
    if (draft && fits(form, draft)) takeUp(form, place, draft);
    else if (first && !draft) place.slot = place.key;
    else writeBeside(form, place);
    if (!isEmpty(form)) save(form);
  }

  function takeUp(form: HTMLFormElement, place: Place, draft: Draft): void {
    place.slot = draft.slot;
    if (isEmpty(form)) restore(form, draft);
  }

  /** A second tab with the same form disturbs neither the first nor what was left before. */
  function writeBeside(form: HTMLFormElement, place: Place): void {
    place.slot = `${place.key}#${idOf(form)?.value || newId()}`;
    void mine(place.slot);
  }

  /** The draft under this key, or one that a tab which is no more wrote beside it. */
  async function left(key: string): Promise<Draft | undefined> {
    const found = await store.read((tx) => tx.objectStore("drafts").getAll(beginningWith(key)));
    for (const draft of found) {
      if (draft.slot === key) return draft;
      if (draft.slot.startsWith(`${key}#`) && (await mine(draft.slot))) return draft;
    }
    return undefined;
  }

  function mine(slot: string): Promise<boolean> {
    return own(`draft-${personId}-${slot}`, released);
  }

  function adopt(): void {
    const left = replaced();
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
      const key = form.dataset.draft ?? "";
      if (!key || slots.get(form)?.key === key) continue;
      const before = left.get(key);
      const place = before?.slot ? before : { key, slot: null };
      slots.set(form, place);
      const taken = place === before ? inherit(form, place) : settle(form, place);
      void taken.catch(() => {});
    }
  }

  /** The places of forms that have left the page, with their last letters kept. */
  function replaced(): Map<string, Place> {
    const left = new Map<string, Place>();
    for (const [form, place] of slots) {
      if (form.isConnected) continue;
      if (timers.has(form)) save(form);
      slots.delete(form);
      left.set(place.key, place);
    }
    return left;
  }

  /** The same form in a newer page. */
  async function inherit(form: HTMLFormElement, place: Place): Promise<void> {
    if (isEmpty(form) && !isLaidOut(form)) {
      const draft = await store.read((tx) => tx.objectStore("drafts").get(place.slot ?? ""));
      if (draft && slots.get(form) === place) takeUp(form, place, draft);
    } else save(form);
  }

  function save(form: HTMLFormElement): void {
    clearTimeout(timers.get(form));
    timers.delete(form);
    const slot = slots.get(form)?.slot;
    if (slot) void put(store, draftOf(form, slot), isEmpty(form)).catch(() => {});
  }

  document.addEventListener("input", ({ target }) => {
    const { form } = target as HTMLInputElement;
    if (!form || !slots.has(form)) return;
    clearTimeout(timers.get(form));
    timers.set(
      form,
      setTimeout(() => save(form), PAUSE_MS),
    );
  });

  // A form that was sent the ordinary way is emptied, and so is its draft.
  document.addEventListener("reset", ({ target }) => {
    if (target instanceof HTMLFormElement) setTimeout(() => save(target));
  });

  return {
    slotOf: (form) => slots.get(form)?.slot ?? null,
    adopt,
    flush: () => {
      for (const form of timers.keys()) save(form);
    },
    release() {
      slots.clear();
      release();
      released = new Promise((done) => {
        release = done;
      });
    },
  };
}

function fits(form: HTMLFormElement, draft: Draft): boolean {
  return isEmpty(form) || draft.id === idOf(form)?.value;
}

/** True once nobody else has it; it is held until `released`. */
function own(name: string, released: Promise<void>): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  const patience = new AbortController();
  const bell = setTimeout(() => patience.abort(), PATIENCE_MS);
  return new Promise((known) => {
    const hold = () => {
      clearTimeout(bell);
      known(true);
      return released;
    };
    navigator.locks.request(name, { signal: patience.signal }, hold).catch(() => known(false));
  });
}

/** One that has become a command is no draft any more, however late its timer rings. */
function put(store: Store, draft: Draft, empty: boolean): Promise<void> {
  return store.write(async (tx) => {
    const sent = await Promise.all([
      tx.objectStore("outbox").getKey(draft.id),
      tx.objectStore("results").getKey(draft.id),
    ]);
    if (sent.some((key) => key !== undefined)) return;
    if (empty) await tx.objectStore("drafts").delete(draft.slot);
    else await tx.objectStore("drafts").put(draft);
  });
}
