// What waits here and changes a list by hand: [data-deeds] says which command is which deed, [data-fields] how
// their fields are called, [data-on] the day that the list is of.

import type { Entry, Field } from "./outbox/messages";

export interface Pending {
  entry: Entry;
  fields: Field[];
}

/** What came of all that waits and was not undone. */
export interface Standing {
  any: boolean;
  gone: Set<string>;
  added: Map<string, string>;
  pinned: Map<string, boolean>;
  put: string[];
  /** What was begun, by the id of its beginning, since when, and what has ended. */
  begun: Map<string, string>;
  since: Map<string, Date>;
  ended: Set<string>;
}

interface Deed {
  kind: string;
  id: string;
  at: Date;
  about: string;
  stop: string;
  list: string[];
  undone: string;
  ended: string;
}

export function standing(list: HTMLElement, pending: Pending[]): Standing {
  const all = pending.flatMap((one) => deedOf(list, one) ?? []);
  const undone = new Set(all.map((deed) => deed.undone).filter(Boolean));
  const deeds = all.filter(({ id, kind }) => kind !== "undo" && !undone.has(id));
  const now: Standing = {
    any: deeds.length > 0,
    gone: new Set(),
    added: new Map(),
    pinned: new Map(),
    put: [],
    begun: new Map(),
    since: new Map(),
    ended: new Set(),
  };
  for (const deed of deeds) add(now, deed);
  return now;
}

function deedOf(list: HTMLElement, { entry, fields }: Pending): Deed | null {
  const kind = pairs(list.dataset.deeds).find(([, command]) => command === entry.name)?.[0];
  if (!kind) return null;
  const names = new Map(pairs(list.dataset.fields));
  const said = (name: string) => fields.find(([key]) => key === names.get(name))?.[1] ?? "";
  const at = new Date(entry.at);
  if ((said("day") || dayOf(at)) !== list.dataset.on && kind !== "undo") return null;
  const { id, about = "" } = entry;
  const of = { stop: said("stop"), undone: said("undone"), ended: said("ended") };
  return { kind, id, at, about, ...of, list: listed(fields, names.get("list") ?? "") };
}

function pairs(told = ""): [string, string][] {
  return told.split(",").map((pair): [string, string] => {
    const [name = "", value = ""] = pair.split("=");
    return [name, value];
  });
}

function listed(fields: Field[], name: string): string[] {
  return fields.filter(([key]) => key.startsWith(`${name}[`)).map(([, value]) => value);
}

/** By the phone's own calendar. */
export function dayOf(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function add(now: Standing, { kind, id, at, about, stop, list, ended }: Deed): void {
  if (kind === "skip") {
    now.gone.add(stop);
    now.added.delete(stop);
  } else if (kind === "add") {
    now.gone.delete(stop);
    now.added.set(stop, about);
  } else if (kind === "pin" || kind === "unpin") now.pinned.set(stop, kind === "pin");
  else if (kind === "put") now.put = list;
  else if (kind === "begin") {
    now.begun.set(id, stop);
    now.since.set(stop, at);
  } else if (kind === "end") now.ended.add(ended);
}
