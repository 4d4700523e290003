// What waits in the outbox and is not known elsewhere: looked at, never changed, and let go of at once.

import { openDB } from "idb";

type Field = [name: string, value: string];

/** The fields of what waits under this id; null when nothing does. */
export async function fieldsOf(person: string, id: string): Promise<Map<string, string> | null> {
  for (const name of await outboxes(person)) {
    const fields = await within(name, id).catch(() => null);
    if (fields) return new Map(fields);
  }
  return null;
}

async function outboxes(person: string): Promise<string[]> {
  const usual = `roadbook-${person}`;
  if (!indexedDB.databases) return [usual];
  const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
  return names.filter((name) => name.startsWith(usual));
}

async function within(name: string, id: string): Promise<Field[] | null> {
  const db = await openDB(name, undefined, { upgrade: (_db, _from, _to, tx) => tx.abort() });
  try {
    const entry = await db.get("outbox", id);
    if (entry?.body) return (JSON.parse(entry.body) as { fields: Field[] }).fields;
    const jots = await db.getAll("meta", IDBKeyRange.bound("jot-", "jot-\uffff"));
    return jots.find((jot) => jot.id === id)?.fields ?? null;
  } finally {
    db.close();
  }
}
