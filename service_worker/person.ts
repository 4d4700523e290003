// Whose pack is shown: what the last page said whose it is. It outlives the worker, which is stopped whenever nothing happens.

const CACHE = "whose";
const PLACE = "/whose";

let known: Promise<string> | undefined;

export function person(): Promise<string> {
  known ??= read();
  return known;
}

async function read(): Promise<string> {
  const cache = await caches.open(CACHE);
  const found = await cache.match(PLACE);
  return found ? found.text() : "";
}

/** "" is nobody: then no pack is shown. */
export async function setPerson(id: string): Promise<void> {
  if ((await person()) === id) return;
  known = Promise.resolve(id);
  const cache = await caches.open(CACHE);
  await cache.put(PLACE, new Response(id));
}
