// What waits, saved as a file or shared; nothing leaves the outbox by it.

import { outbox } from "./kept";
import { canCarry, parcel } from "./outbox/carry";
import type { Situation } from "./outbox/messages";
import { copyOf, fill, words } from "./shown";

/** Long enough for a browser to have begun to save it before the page goes. */
const BEGUN_MS = 1_000;

/** False when it could not be made, or was not wanted after all. */
export async function exported(share: boolean): Promise<File | null> {
  const made = await file().catch(() => null);
  if (!made) return null;
  const shared = share ? shareable(made) : null;
  if (shared) {
    const done = await navigator.share({ files: [shared] }).then(
      () => true,
      () => false,
    );
    return done ? made : null;
  }
  save(made);
  await new Promise((begun) => setTimeout(begun, BEGUN_MS));
  return made;
}

/** `<meta name="outbox-key" content="…" data-user="…">`. */
async function file(): Promise<File | null> {
  const key = document.querySelector<HTMLMetaElement>('meta[name="outbox-key"]');
  if (!outbox || !key || !canCarry(key.content)) return null;
  const { text } = await parcel(outbox.store, outbox.personId, key.content);
  const now = new Date();
  const day = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return new File([text], `roadbook-${key.dataset.user}-${day}.outbox`, {
    type: "application/octet-stream",
  });
}

/** Some browsers share only kinds of files that they know. */
function shareable(made: File): File | null {
  const plain = new File([made], `${made.name}.txt`, { type: "text/plain" });
  return [made, plain].find((one) => navigator.canShare?.({ files: [one] })) ?? null;
}

function save(made: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(made);
  link.download = made.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function showExport(): Promise<void> {
  const place = document.getElementById("outbox-file-said");
  const count = (await outbox?.entries())?.filter(({ state }) => state !== "withdrawn").length;
  const made = await exported(false);
  const notice = copyOf("outbox-exported");
  if (!place || !notice) return;
  const word = made ? "exported" : "not-exported";
  fill(notice, {
    sum: words(word, { name: made?.name ?? "" }),
    more: words(`${word}-more`, { count: count ?? 0 }),
  });
  notice.classList.toggle("success", made !== null);
  const button = notice.querySelector<HTMLElement>("[data-share]");
  const shared = made && shareable(made);
  if (button && shared) {
    button.hidden = false;
    button.onclick = () => void navigator.share({ files: [shared] }).catch(() => {});
  }
  place.replaceChildren(notice);
}

document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-export]")) void showExport();
});
document.addEventListener("outbox:changed", (event) => {
  const { waiting, needs_you, received } = (event as CustomEvent<Situation>).detail;
  for (const button of document.querySelectorAll<HTMLElement>("[data-export]")) {
    button.hidden = !(waiting + needs_you + received);
  }
});
