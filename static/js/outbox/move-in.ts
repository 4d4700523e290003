// What waits beside the database is tried again while the page is open: there it reaches the disk up to a minute later.

import { copies } from "./copies";
import type { Drawer } from "./drawer";
import { inJournal, replay } from "./journal";
import type { Written } from "./messages";
import type { Store } from "./store";

const AGAIN_MS = 2_000;

/** Meanwhile the drawer holds it; `changed` is told when the database has taken it. */
export function moveIn(
  places: { store: Store; drawer: Drawer },
  personId: string,
  changed: () => void,
): void {
  let filed = "";

  function fileAll(noted: Written[]): Promise<boolean> {
    return places.drawer.fileLate([...copies(personId), ...noted]);
  }

  async function look(): Promise<void> {
    const noted = inJournal(personId);
    const now = noted.map(({ id }) => id).join();
    if (now && now !== filed && (await fileAll(noted))) filed = now;
    if (now) await replay(places, personId).then(changed, () => {});
    setTimeout(() => void look(), AGAIN_MS);
  }

  void look();
}
