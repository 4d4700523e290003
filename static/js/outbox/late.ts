// What the server has taken since a page was made: the page does not show it, and it waits no longer.

import type { Entry } from "./messages";
import { meta, type Store } from "./store";

/** `since` in milliseconds of this phone's clock. Nothing is read through unless something was taken since. */
export function takenSince(store: Store, since: number): Promise<Entry[]> {
  const found = store.read(async (tx): Promise<Entry[]> => {
    if (((await meta(tx, "server"))?.taken ?? 0) < since) return [];
    const receipts = await tx.objectStore("results").getAll();
    const late = receipts.filter(({ received_at }) => Date.parse(received_at) >= since);
    const open = new Set(await tx.objectStore("outbox").getAllKeys());
    return late.flatMap(({ body, ...one }) =>
      body && !open.has(one.id) ? [{ ...one, body, state: "received" as const }] : [],
    );
  });
  return found.catch(() => []);
}
