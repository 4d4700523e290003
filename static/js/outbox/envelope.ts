// What is written on an entry before it goes: docs/sync.md says what each key means.

import { BOOT_ID, isId, newId } from "./ids";
import type { Entry, Field, Written } from "./messages";
import { sha256 } from "./sha256";
import type { Device } from "./store";

export interface Envelope extends Omit<Written, "draft" | "page" | "about"> {
  device_id: string;
  seq: number;
  deps: string[];
  prev: string;
}

export interface Author {
  personId: string;
  build: string;
}

// Asked for when somebody looks at the page, because it takes its time.
let zone = "";
function lookUpZone(): void {
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
document.addEventListener("visibilitychange", lookUpZone);
lookUpZone();

/** Reads a form's entries as `FormData` gives them; without files. */
export function written(
  form: HTMLFormElement,
  entries: Iterable<[string, FormDataEntryValue]>,
  author: Author,
): Written {
  const fields = [...entries].map(([name, value]): Field => [name, String(value)]);
  const said = new Map(fields);
  const { supersedes } = form.dataset;
  const id = said.get("id");
  return {
    id: isId(id) ? id : newId(),
    name: form.dataset.command ?? "",
    fields: fields.filter(([name]) => name !== "id" && name !== "at"),
    supersedes: isId(supersedes) ? supersedes : null,
    authored: {
      person_id: author.personId,
      at: said.get("at") || new Date().toISOString(),
      tz: zone,
      mono_ms: Math.round(performance.now()),
      boot_id: BOOT_ID,
    },
    // A field named "id" hides form.id.
    app: { build: author.build, form: form.dataset.form ?? form.getAttribute("id") ?? "" },
    draft: null,
    page: location.pathname + location.search,
    about: form.closest<HTMLElement>("[data-about]")?.dataset.about ?? "",
  };
}

/** What somebody wrote, out of the entry that was made of it. */
export function unsealed({ body, page = "", about = "" }: Entry): Written {
  const { id, name, fields, supersedes, authored, app } = JSON.parse(body) as Envelope;
  return { id, name, fields, supersedes, authored, app, draft: null, page, about };
}

export function contentsOf(written: Written): string {
  return sha256(JSON.stringify([written.name, written.fields]));
}

export function addressed(written: Written, device: Device, deps: string[]): Envelope {
  return {
    id: written.id,
    device_id: device.id,
    seq: device.seq + 1,
    name: written.name,
    fields: written.fields,
    deps,
    supersedes: written.supersedes,
    authored: written.authored,
    app: written.app,
    prev: device.sha,
  };
}

/** The text itself is hashed and sent: nobody has to agree on how JSON is written. */
export function sealed(envelope: Envelope): { sha: string; body: string } {
  const body = JSON.stringify(envelope);
  return { sha: sha256(body), body };
}
