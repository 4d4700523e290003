// What the modules, the tabs and the worker tell each other.

export type Field = [name: string, value: string];

/** waiting: never left the phone; sent: left it, no answer yet; received: taken in, no last word yet. */
export type State = "waiting" | "sent" | "received" | "needs_you" | "withdrawn";

export type Status =
  | "applied"
  | "dup"
  | "rejected"
  | "conflict"
  | "review"
  | "deferred"
  | "blocked"
  | "mismatch"
  | "gap"
  | "too_large";

export type Pause = "sign_in" | "other_person";

/** What somebody wrote, before it has a number. */
export interface Written {
  id: string;
  name: string;
  fields: Field[];
  supersedes: string | null;
  authored: { person_id: string; at: string; tz: string; mono_ms: number; boot_id: string };
  app: { build: string; form: string };
  /** The draft that it was, gone in the same transaction. */
  draft: string | null;
}

/** What the server said about one entry. */
export interface Result {
  id: string;
  sha: string;
  status: Status;
  was?: Status;
  reason?: string;
  errors?: Record<string, string>;
  by?: string;
}

/** One command in the outbox; only what waits has a `seq` here. */
export interface Entry {
  id: string;
  seq?: number;
  name: string;
  state: State;
  sha: string;
  /** Hashes under which it left the phone before it was numbered anew. */
  former?: string[];
  body: string;
  /** SHA-256 of name and fields: tells a repeat from other contents under the same id. */
  contents: string;
  at: string;
  result?: Result;
  /** The id of the command that mends this one. */
  superseded_by?: string;
  /** The server knows that it was withdrawn. */
  told?: boolean;
}

/** The receipt that stays when the entry has gone. */
export interface Receipt {
  id: string;
  sha: string;
  name: string;
  contents: string;
  at: string;
  received_at: string;
  result: Result;
}

export interface Draft {
  slot: string;
  id: string;
  fields: Field[];
  at: string;
}

/** `kept` is "journal" while the database cannot be opened. */
export interface Saved {
  written: Written;
  kept: "database" | "journal";
  /** It was there already: a second tap. */
  again: boolean;
}

export interface Situation {
  waiting: number;
  received: number;
  needs_you: number;
  /** When the oldest of those that wait was written, as ISO time. */
  oldest: string | null;
  pause: Pause | null;
  sending: boolean;
  /** When the server last answered, as ISO time by the phone's clock. */
  heard: string | null;
}

/** Between the tabs of one person, and to and from the worker. */
export type Message = { kind: "changed"; situation: Situation } | { kind: "drain" };
