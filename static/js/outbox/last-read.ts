// What a database held when it was last read: one that cannot be read is not an empty one.

import type { Deed, Store } from "./store";

interface Read<T> {
  found: T;
  /** It could be read once, and cannot be now. */
  closed: boolean;
  /** It could never be read. */
  unread: boolean;
}

/** `nothing` is given until it could be read. */
export function lastRead<T>(
  store: Store,
  deed: Deed<"readonly", T>,
  nothing: T,
): () => Promise<Read<T>> {
  let last = nothing;
  return async () => {
    try {
      last = await store.read(deed);
      return { found: last, closed: false, unread: false };
    } catch {
      return { found: last, closed: last !== nothing, unread: last === nothing };
    }
  };
}
