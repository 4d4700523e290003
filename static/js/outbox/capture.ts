// Forms with data-command="<wire name>" go into the outbox instead of to the server, with htmx and without.

import { mint } from "../mint";
import type { Author } from "./envelope";
import { written } from "./envelope";
import { said } from "./fields";
import type { Saved, Written } from "./messages";

export interface Capture extends Author {
  keep(written: Written): Promise<Saved>;
  draftOf(form: HTMLFormElement): string | null;
  /** The page has said so by then. */
  saved(): void;
}

type Entries = Iterable<[string, FormDataEntryValue]>;

const line = new WeakMap<HTMLFormElement, Promise<void>>();
const passing = new WeakSet<HTMLFormElement>();

/** Stands in the way of htmx, after those that stamp a form or hold it back. */
export function capture(how: Capture): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = commandForm(event.target, event.submitter);
      if (!form || event.defaultPrevented || passing.delete(form)) return;
      event.preventDefault();
      event.stopPropagation();
      endOthers(form);
      // As it is when it is tapped: a second tap waits in line while the form is emptied.
      const entries = new FormData(form, event.submitter);
      const before = line.get(form) ?? Promise.resolve();
      const tapped = { entries, said: said(form) };
      const now = before.then(() => save(form, tapped, how));
      line.set(
        form,
        now.catch((error) => without(error, form, event.submitter)),
      );
    },
    { capture: true },
  );
}

/** What htmx has under way in the same line would bring the form back as it was. */
function endOthers(form: HTMLFormElement): void {
  const line = form.getAttribute("hx-sync");
  for (const one of line ? document.querySelectorAll(`[hx-sync="${line}"]`) : []) {
    one.dispatchEvent(new Event("htmx:abort"));
  }
}

function commandForm(
  source: unknown,
  submitter: HTMLElement | null | undefined,
): HTMLFormElement | null {
  if (!(source instanceof HTMLFormElement) || submitter?.hasAttribute("formaction")) return null;
  return source.dataset.command ? source : null;
}

class HasFiles extends TypeError {}

/** htmx makes a file the words "[object File]" unless the form says how it is to be sent. */
function withoutFiles(form: HTMLFormElement, body: Entries): [string, FormDataEntryValue][] {
  const files = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")];
  if (files.some((field) => field.files?.length)) {
    throw new HasFiles("A file cannot wait here yet.");
  }
  return [...body].filter(([name]) => files.every((field) => field.name !== name));
}

interface Tapped {
  entries: Entries;
  said: string;
}

async function save(form: HTMLFormElement, tapped: Tapped, how: Capture): Promise<void> {
  try {
    const wish = written(form, withoutFiles(form, tapped.entries), how);
    const saved = await how.keep({ ...wish, draft: how.draftOf(form) });
    form.dispatchEvent(new CustomEvent("outbox:saved", { bubbles: true, detail: saved }));
    // The page says so first.
    queueMicrotask(() => {
      begin(form, saved.written.id, tapped.said);
      how.saved();
    });
  } catch (error) {
    form.dispatchEvent(new CustomEvent("outbox:failed", { bubbles: true, detail: { error } }));
    throw error;
  }
}

/** A phone that can keep nothing posts as if there were no outbox; what was written stays. */
function without(error: unknown, form: HTMLFormElement, submitter: HTMLElement | null): void {
  if (error instanceof HasFiles) return;
  // A form that is being submitted cannot be submitted: it may have failed at once.
  setTimeout(() => {
    passing.add(form);
    try {
      form.requestSubmit(submitter);
    } finally {
      passing.delete(form); // it may have been stopped on its way
    }
  });
}

/** The form is ready for the next one, unless somebody has begun it already: what was added while it was saved stays. */
function begin(form: HTMLFormElement, id: string, saved: string): void {
  const field = form.querySelector<HTMLInputElement>("input[data-mint]");
  if (field && field.value !== id) return;
  // What goes only once, such as the lines of a list that was sent.
  const same = said(form) === saved;
  if (same) for (const done of form.querySelectorAll("[data-once]")) done.remove();
  delete form.dataset.supersedes;
  if (same) form.reset();
  for (const own of form.querySelectorAll<HTMLInputElement>(
    "[data-mint],[data-now],[data-position]",
  )) {
    own.value = "";
  }
  mint(form);
}
