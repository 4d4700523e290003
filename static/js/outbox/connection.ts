// A person's database, opened again when it closes behind our back; another one when it stays damaged.

import {
  databaseOf,
  isHopeless,
  moveOn,
  nextDatabaseOf,
  noteFailure,
  noteSuccess,
} from "./quarantine";
import {
  type Database,
  type Deed,
  giveUpBallast,
  Late,
  type Mode,
  NO_ANSWER,
  NotOurs,
  open,
  perform,
  type Store,
  storeIn,
  within,
} from "./store";

const DOUBT_MS = 10_000;
const OPENING_MS = 15_000; // with all that was lost put back
const LOST = ["AbortError", "InvalidStateError", "UnknownError"];

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

class Ended extends Error {}

/** `welcome` is done with a database that is new to this page, before anything else. */
export function storeOf(
  personId: string,
  welcome: (store: Store, name: string) => Promise<void>,
): Store {
  let connection: Promise<Database> | undefined;
  let doubtful = 0;
  let proven = false;
  let greeted = "";
  let ended = false;

  function forget(): void {
    connection = undefined;
  }

  function connect(): Promise<Database> {
    return openSound().catch((error) => {
      forget();
      if (error instanceof Late) doubtful = performance.now() + DOUBT_MS;
      throw error;
    });
  }

  /** A damaged one is given up only when another can be begun. */
  async function openSound(): Promise<Database> {
    if (!isHopeless(personId)) {
      try {
        return await opened(databaseOf(personId));
      } catch (error) {
        if (!(error instanceof NotOurs)) throw error;
      }
    }
    const next = await opened(nextDatabaseOf(personId)).catch(() => null);
    if (!next) return opened(databaseOf(personId));
    moveOn(personId);
    return next;
  }

  async function opened(name: string): Promise<Database> {
    const born = () => {
      greeted = "";
    };
    const db = await open(name, { born, ended: forget });
    try {
      if (greeted !== name) await welcome(storeIn(db), name);
      greeted = name;
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  }

  async function attempt<M extends Mode, T>(mode: M, deed: Deed<M, T>): Promise<T> {
    if (ended) throw new Ended("Nothing of this person's is kept here any more.");
    if (!connection && performance.now() < doubtful) throw new Late(NO_ANSWER);
    connection ??= connect();
    return perform(await within(OPENING_MS, connection), mode, deed).catch((error) => {
      if (error instanceof Late) forget();
      throw error;
    });
  }

  async function again<M extends Mode, T>(error: unknown, mode: M, deed: Deed<M, T>): Promise<T> {
    if (isFull(error)) {
      // Whoever else found it full at the same moment may have given it up before.
      await attempt("readwrite", giveUpBallast).catch(() => {});
      return attempt(mode, deed);
    }
    if (!(error instanceof DOMException) || !LOST.includes(error.name)) throw error;
    forget();
    return attempt(mode, deed).catch((damage) => {
      if (damage instanceof DOMException && damage.name === "UnknownError") noteFailure(personId);
      throw damage;
    });
  }

  async function run<M extends Mode, T>(mode: M, deed: Deed<M, T>): Promise<T> {
    const done = await attempt(mode, deed).catch((error) => again(error, mode, deed));
    if (!proven) noteSuccess(personId);
    proven = true;
    return done;
  }

  function anew(): void {
    void connection?.then((db) => db.close()).catch(() => {});
    forget();
  }

  return {
    read: (deed) => run("readonly", deed),
    write: (deed) => run("readwrite", deed),
    anew,
    end() {
      ended = true;
      anew();
    },
  };
}
