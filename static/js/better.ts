// [data-better]: the server was still looking for something better when this page was made. It is asked again, less
// and less often, until a page comes that does not say so.

import { refresh } from "./fresh";

const WAITS_MS = [1_500, 3_000, 6_000, 12_000, 24_000];
let asking = false;

async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  for (const wait of WAITS_MS) {
    if (!document.querySelector("[data-better]")) break;
    await new Promise((done) => setTimeout(done, wait));
    if (document.querySelector("[data-better]")) await refresh();
  }
  asking = false;
}

document.addEventListener("htmx:after:swap", () => void ask());
void ask();
