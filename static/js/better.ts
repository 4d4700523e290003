// [data-better]: the server was still looking for something better when this page was made. It is asked again, less
// and less often, until a page comes that does not say so. What it says is true only meanwhile.

import { refresh } from "./fresh";

const WAITS_MS = [1_500, 3_000, 6_000, 12_000, 24_000];
let asking = false;

async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  for (const wait of WAITS_MS) {
    if (!told(navigator.onLine)) break;
    await new Promise((done) => setTimeout(done, wait));
    if (told(navigator.onLine)) await refresh();
  }
  asking = false;
  told(false);
}

/** Whether there is something to wait for. */
function told(now: boolean): boolean {
  const places = [...document.querySelectorAll<HTMLElement>("[data-better]")];
  for (const place of places) place.hidden = !now;
  return places.length > 0 && now;
}

document.addEventListener("htmx:after:swap", () => void ask());
void ask();
