// Pages are laid into the pack when they have come as they were sent, and taken out when they are for nobody any more.

import type { Sent } from "./lines";
import { type Half, key, type Writing } from "./store";

/** The addresses of those that are different from before. */
export async function laidIn(tx: Writing, half: Half, pages: Sent[]): Promise<string[]> {
  const store = tx.objectStore(`pages-${half}`);
  const rows = tx.objectStore(`rows-${half}`);
  const changed: string[] = [];
  for (const one of pages) {
    const { u, r } = one;
    if (r) await rows.put(r, u);
    else if (r === null) await rows.delete(u);
    if (one.h === undefined) continue;
    const { h, b, d = "", g = "", m } = one;
    const there = await store.get(key(u, d));
    if (there?.h === h) continue;
    await store.put({ h, b, g, d, ...(m && { m }) }, key(u, d));
    changed.push(u);
  }
  return changed;
}

/** What belongs to nothing that is kept goes, and what was only for days gone by. */
export async function tidy(
  tx: Writing,
  half: Half,
  version: string,
  groups?: string[],
): Promise<void> {
  const pages = tx.objectStore(`pages-${half}`);
  const today = version.slice(version.lastIndexOf(".") + 1);
  const old = IDBKeyRange.bound("0", today, false, true);
  for (const gone of await pages.index("d").getAllKeys(old)) await pages.delete(gone);
  if (!groups) return;
  const kept = new Set(["", ...groups]);
  for (let at = await pages.index("g").openKeyCursor(); at; at = await at.continue()) {
    if (kept.has(at.key)) continue;
    await pages.delete(at.primaryKey);
    await tx.objectStore(`rows-${half}`).delete(at.primaryKey.split("\n")[0] ?? "");
  }
}

export async function verified(sent: Sent): Promise<Sent> {
  if (sent.h === undefined) return sent;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sent.b));
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  if (hex.slice(0, 32) !== sent.h) throw new Error("This page did not come as it was sent.");
  return sent;
}
