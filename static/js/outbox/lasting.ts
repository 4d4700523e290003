// Whether the browser keeps what is written until it is sent.

import { forget, recall, remember } from "./beside";
import type { Lasting } from "./messages";
import type { Store } from "./store";

const TINY = 64 * 1_024 * 1_024; // no phone is so small; a private window may be
const TRY = "roadbook-try";

type Phone = Navigator & { standalone?: boolean };

export async function lasting(store: Store): Promise<Lasting> {
  const opens = await store.read(async () => true).catch(() => false);
  if (!opens && !remember(TRY, 1)) return "none";
  forget(TRY);
  if (isSecureContext && (await isPrivate(opens))) return "private";
  return isTabOfAPhone() ? "may_go" : "kept";
}

/** Some windows that forget have no worker, some next to no room, some a database but no files. */
async function isPrivate(opens: boolean): Promise<boolean> {
  if (!("serviceWorker" in navigator)) return true;
  const { storage } = navigator;
  const { quota } = (await storage?.estimate?.().catch(() => null)) ?? {};
  if (quota !== undefined && quota < TINY) return true;
  return opens && (await storage?.getDirectory?.().catch(() => "refused")) === "refused";
}

/** Not from the home screen: what lies there for a week is thrown away. */
function isTabOfAPhone(): boolean {
  return (navigator as Phone).standalone === false && navigator.maxTouchPoints > 0;
}

/** Asked when there is something to keep, once in a tab and once from the home screen. */
export async function askToKeep(): Promise<void> {
  const app = matchMedia("(display-mode: standalone)").matches;
  const key = `roadbook-keeps-${app ? "app" : "tab"}`;
  if (!navigator.storage?.persist || recall(key) !== null) return;
  remember(key, await navigator.storage.persist());
}
