// What waits beside the database is tried again while the page is open: there it reaches the disk up to a minute later.
// So are second copies that did not answer.

import { copies } from "./copies";
import type { Drawer } from "./drawer";
import { inJournal, replay } from "./journal";
import { catchUp } from "./known";
import type { Written } from "./messages";
import type { Store } from "./store";

const AGAIN_MS = 2_000;
const MOST_RESTS = 30;

/** Meanwhile the drawer holds it; `changed` is told when the database has taken it. */
export function moveIn(
  places: { store: Store; drawer: Drawer },
  personId: string,
  changed: () => void,
): void {
  let filed = "";
  let [rests, next] = [0, 1];

  function fileAll(noted: Written[]): Promise<boolean> {
    return places.drawer.fileLate([...copies(personId), ...noted]);
  }

  /** Each time that they still do not answer it rests twice as long. */
  async function follow(): Promise<void> {
    const done = await catchUp(places.store, places.drawer, personId).catch(() => false);
    next = done ? 1 : Math.min(MOST_RESTS, next * 2);
    rests = done ? 0 : next;
  }

  async function look(): Promise<void> {
    const noted = inJournal(personId);
    const now = noted.map(({ id }) => id).join();
    if (now && now !== filed && (await fileAll(noted))) filed = now;
    if (now) await replay(places, personId).then(changed, () => {});
    if (places.drawer.isBehind() && --rests < 0) await follow();
    setTimeout(() => void look(), AGAIN_MS);
  }

  void look();
}
