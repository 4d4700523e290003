// What the server is asked beside what is sent: what became of things, a secret, whether this phone is still let in.

import { untold } from "./loss";
import type { Batch } from "./post";
import { besides, deviceOf } from "./queue";
import { shutOutOf } from "./shut-out";
import { jotsOf, meta, type Tx } from "./store";

const ASK_AGAIN_MS = 60_000;
const SILENT_MS = 300_000; // then the server is asked whether this phone is still let in

type Asked = Pick<Batch, "held" | "withdrawn" | "secret" | "proof">;

export interface Questions {
  /** Whether there is anything to send or to ask. */
  waits(tx: Tx): Promise<boolean>;
  /** Null where there is nothing to ask, nor anything that it goes along with. */
  ask(tx: Tx, along: boolean): Promise<Asked | null>;
  /** What proves whose phone this is without a session; only where it was shut out. */
  proof(tx: Tx): Promise<string | undefined>;
  /** The server has spoken. */
  heard(): void;
  /** And what it said has been put away. */
  answered(): void;
}

export function questionsOf(personId: string): Questions {
  let [askAgain, silent] = [0, SILENT_MS];
  let askedSecret = false;

  /** A loss to tell of, the secret to ask for, or whether this phone is still let in, or again. */
  async function owes(tx: Tx): Promise<boolean> {
    if (performance.now() >= (shutOutOf(personId) ? askAgain : silent)) return true;
    return untold((await deviceOf(tx)).id) !== undefined || wantsSecret(tx);
  }

  /** Asked for before there is anything to send, where a file can be made: without a signal it is too late. */
  async function wantsSecret(tx: Tx): Promise<boolean> {
    const carries = document.querySelector('meta[name="outbox-key"]') !== null;
    return carries && !askedSecret && (await meta(tx, "secret")) === undefined;
  }

  async function open(tx: Tx): Promise<Pick<Asked, "held" | "withdrawn">> {
    const { held, withdrawn } = await besides(tx);
    return { held: performance.now() < askAgain ? [] : held, withdrawn };
  }

  function proof(tx: Tx): Promise<string | undefined> {
    return shutOutOf(personId) ? meta(tx, "secret") : Promise.resolve(undefined);
  }

  return {
    proof,
    async waits(tx) {
      const { held, withdrawn } = await open(tx);
      const waiting = await tx.objectStore("outbox").index("seq").count();
      const jots = await jotsOf(tx);
      return jots.length + waiting + held.length + withdrawn.length > 0 || (await owes(tx));
    },
    async ask(tx, along) {
      const { held, withdrawn } = await open(tx);
      if (!along && !held.length && !withdrawn.length && !(await owes(tx))) return null;
      askedSecret = true;
      const secret = (await meta(tx, "secret")) !== undefined;
      return { held, withdrawn, secret, proof: await proof(tx) };
    },
    heard() {
      silent = performance.now() + SILENT_MS;
    },
    answered() {
      if (performance.now() >= askAgain) askAgain = performance.now() + ASK_AGAIN_MS;
    },
  };
}
