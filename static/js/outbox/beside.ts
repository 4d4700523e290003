// Beside the database: small things that outlive it. A browser that forbids this remembers nothing.

export function recall<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** Throws when there is no room for it, or when it is forbidden. */
export function put(key: string, value: unknown): void {
  localStorage.setItem(key, JSON.stringify(value));
}

export function remember(key: string, value: unknown): boolean {
  try {
    put(key, value);
    return true;
  } catch {
    return false;
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Where nothing can be kept, nothing is there.
  }
}

/** In the order of their names. */
export function keysWith(start: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start))
      .sort();
  } catch {
    return [];
  }
}

/** At the end of a line, unless it stands in it. Places are numbered, because a clock may step. */
export function lineUp(start: string, name: string, value: unknown): void {
  const line = keysWith(start);
  if (line.some((key) => key.endsWith(name))) return;
  const last = Number.parseInt(line.at(-1)?.slice(start.length) ?? "0", 10) || 0;
  put(`${start}${String(last + 1).padStart(6, "0")}.${name}`, value);
}
