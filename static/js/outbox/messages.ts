// What the modules, the tabs and the worker tell each other.

export type Field = [name: string, value: string];

/** waiting: no answer yet; sent: the same, as earlier builds wrote it; received: taken in, no last word yet. */
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
  | "too_large"
  | "missing";

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
  /** Where it was written, and about whom: for the person's eyes, never sent. */
  page: string;
  about: string;
}

/** What the server said about one entry. */
export interface Result {
  id: string;
  sha: string;
  status: Status;
  was?: Status;
  reason?: string;
  errors?: Record<string, string>;
  /** The hash under which the server has it, where that is another. */
  first?: string;
  by?: string;
}

/** One command in the outbox; only what waits has a `seq` here. */
export interface Entry {
  id: string;
  seq?: number;
  name: string;
  state: State;
  sha: string;
  /** Hashes under which it may have left the phone before it was numbered anew. */
  former?: string[];
  body: string;
  /** SHA-256 of name and fields: tells a repeat from other contents under the same id. */
  contents: string;
  at: string;
  page?: string;
  about?: string;
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
  /** As it was sent, for the day that the server should lose it. */
  body?: string;
  page?: string;
  about?: string;
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
}

/** The server has shut this phone out for its person: nothing is shown, what waits is still taken in. Times as ISO. */
export interface ShutOut {
  since: string;
  /** From then on it is wiped, handed over or not. */
  due: string;
  /** By the person, not by the office. */
  own: boolean;
  /** Told by the last answer, and only by that: the server has everything that it was told of, or `due` has passed. */
  wipe: boolean;
  /** By the server's clock `due` has passed. */
  late: boolean;
}

/** That this phone is that device, as the server gave it; "" where it never did. */
export interface Proof {
  device: string;
  proof: string;
}

export interface Situation extends Partial<Health> {
  shut_out?: ShutOut | null;
  waiting: number;
  received: number;
  needs_you: number;
  /** When the oldest of those that wait was written, as ISO time. */
  oldest: string | null;
  pause: Pause | null;
  sending: boolean;
  /** The database could be read once, and cannot be now. */
  closed: boolean;
  /** When the server last answered, as ISO time by the phone's clock. */
  heard: string | null;
}

/** none: what a person wrote could not be kept for want of room. */
export type Room = "ok" | "low" | "none";

/** may_go: thrown away after some days; private: when the window is closed; none: nothing can be kept at all. */
export type Lasting = "kept" | "may_go" | "private" | "none";

/** What a database that is no more had numbered, as the server is told. */
export interface Lost {
  device: string;
  last_seq: number;
  why: "evicted" | "corrupt";
}

/** How well this phone keeps what is written on it. */
export interface Health {
  room: Room;
  storage: Lasting;
  /** How many wait beside the database, because it does not open. */
  journal: number;
  /** The same one has stood first in line for hours, by the server's clock. */
  stuck: boolean;
  lost: Lost["why"] | null;
  /** How many were lost with the database: there was no copy of them. */
  gone: number;
}

/** Between the tabs of one person, and to and from the worker. */
export type Message =
  | { kind: "changed"; situation: Situation }
  | { kind: "drain" }
  | { kind: "ended" };
