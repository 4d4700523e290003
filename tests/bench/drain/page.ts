// An outbox that is filled by the product's own code, many entries to a transaction, and then drained.

import { startOutbox } from "../../../static/js/outbox";
import { newId } from "../../../static/js/outbox/ids";
import type { Field, Situation } from "../../../static/js/outbox/messages";
import { drawerOf } from "../../../static/js/outbox/drawer";
import { add, filed } from "../../../static/js/outbox/queue";
import { storeOf } from "../../../static/js/outbox/connection";
import type { Store } from "../../../static/js/outbox/store";

interface Asked {
  id: string;
  name: string;
  fields: Field[];
}

const TOGETHER = 200;
const person = document.body.dataset.person ?? "";
const store = storeOf(person, async () => {});
const drawer = drawerOf(person);
const boot = newId();

async function fill(asked: Asked[]): Promise<void> {
  for (let start = 0; start < asked.length; start += TOGETHER) {
    const some = asked.slice(start, start + TOGETHER);
    await store.write(async (tx) => {
      const within: Store = {
        read: (deed) => deed(tx as never),
        write: (deed) => deed(tx),
      };
      for (const one of some) await add(within, written(one));
    });
  }
  await drawer.refill(await filed(store));
}

function written({ id, name, fields }: Asked) {
  return {
    id,
    name,
    fields,
    supersedes: null,
    authored: {
      person_id: person,
      at: new Date().toISOString(),
      tz: "Asia/Shanghai",
      mono_ms: Math.round(performance.now()),
      boot_id: boot,
    },
    app: { build: "bench", form: "" },
    draft: null,
    page: "/bench",
    about: "",
  };
}

/** Milliseconds from the start of the outbox until nothing waits any more. */
async function drain(): Promise<number> {
  const begin = performance.now();
  const empty = new Promise<void>((done) => {
    document.addEventListener("outbox:changed", (event) => {
      const now = (event as CustomEvent<Situation>).detail;
      if (!now.waiting && !now.sending) done();
    });
  });
  const outbox = startOutbox();
  await empty;
  const took = performance.now() - begin;
  const left = await outbox?.entries();
  if (left?.length) throw new Error(JSON.stringify(left.slice(0, 3)));
  return took;
}

async function bytes(): Promise<number> {
  const entries = await store.read((tx) => tx.objectStore("outbox").getAll());
  const all = entries.map((entry) => new TextEncoder().encode(entry.body).length);
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}

Object.assign(window, { fill, drain, bytes });
