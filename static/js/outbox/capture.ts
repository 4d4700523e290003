// Forms with data-command="<wire name>" go into the outbox instead of to the server, with htmx and without.

import { mint } from "../mint";
import type { Author } from "./envelope";
import { written } from "./envelope";
import type { Saved, Written } from "./messages";

interface Request {
  ctx: {
    fetch?: typeof fetch;
    request: { body: Entries; submitter?: HTMLElement | null };
    response?: { raw: Response };
  };
}

interface Htmx {
  registerExtension(name: string, hooks: Record<string, unknown>): void;
}

export interface Capture extends Author {
  keep(written: Written): Promise<Saved>;
  draftOf(form: HTMLFormElement): string | null;
  saved(saved: Saved): void;
}

type Entries = Iterable<[string, FormDataEntryValue]>;

const NOTHING_TO_SWAP = 204;
const busy = new WeakSet<HTMLFormElement>();
const answers = new WeakSet<Response>();

export function capture(how: Capture): void {
  joinHtmx(how) || addEventListener("load", () => joinHtmx(how), { once: true });
  // At the end of the way: what nobody has taken by then would leave the page.
  addEventListener("submit", (event) => {
    const form = commandForm(event.target, event.submitter);
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    if (busy.has(form)) return;
    busy.add(form);
    void save(form, new FormData(form, event.submitter), how)
      .catch((error) => without(error, () => form.submit()))
      .finally(() => busy.delete(form));
  });
}

function joinHtmx(how: Capture): boolean {
  const { htmx } = globalThis as { htmx?: Htmx };
  htmx?.registerExtension("outbox", {
    htmx_before_request(source: Element, { ctx }: Request) {
      const form = commandForm(source, ctx.request.submitter);
      if (!form) return;
      // As it was when it was tapped: a second tap may wait in line while the form is emptied.
      const entries = [...ctx.request.body];
      const post = ctx.fetch ?? fetch;
      ctx.fetch = async (...request) => {
        try {
          await save(form, entries, how);
        } catch (error) {
          return without(error, () => post(...request));
        }
        const response = answer(form);
        answers.add(response);
        return response;
      };
    },
    htmx_before_response(_source: Element, { ctx }: Request) {
      const raw = ctx.response?.raw;
      return !(raw && answers.has(raw) && raw.status === NOTHING_TO_SWAP);
    },
  });
  return htmx !== undefined;
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

async function save(form: HTMLFormElement, entries: Entries, how: Capture): Promise<void> {
  try {
    const wish = written(form, withoutFiles(form, entries), how);
    const saved = await how.keep({ ...wish, draft: how.draftOf(form) });
    if (!saved.again) begin(form, saved.written.id);
    form.dispatchEvent(new CustomEvent("outbox:saved", { bubbles: true, detail: saved }));
    how.saved(saved);
  } catch (error) {
    form.dispatchEvent(new CustomEvent("outbox:failed", { bubbles: true, detail: { error } }));
    throw error;
  }
}

/** A phone that can keep nothing posts as if there were no outbox; what was written stays. */
function without<T>(error: unknown, post: () => T): T {
  if (error instanceof HasFiles) throw new DOMException("It could not be saved.", "AbortError");
  return post();
}

/** The form is ready for the next one, unless somebody has begun it already. */
function begin(form: HTMLFormElement, id: string): void {
  const field = form.querySelector<HTMLInputElement>("input[data-mint]");
  if (field && field.value !== id) return;
  // What goes only once, such as the lines of a list that was sent.
  for (const done of form.querySelectorAll("[data-once]")) done.remove();
  delete form.dataset.supersedes;
  form.reset();
  for (const own of form.querySelectorAll<HTMLInputElement>(
    "[data-mint],[data-now],[data-position]",
  )) {
    own.value = "";
  }
  mint(form);
}

/** What is swapped in: the template that data-saved names, or nothing. */
function answer(form: HTMLFormElement): Response {
  const template = form.dataset.saved && document.getElementById(form.dataset.saved);
  if (!(template instanceof HTMLTemplateElement)) {
    return new Response(null, { status: NOTHING_TO_SWAP });
  }
  return new Response(template.innerHTML, { headers: { "Content-Type": "text/html" } });
}
