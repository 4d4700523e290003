// How to put the app on the home screen: [data-install="browser"] where the browser offers it, ="iphone" where the person must, and
// neither where it is there already.

interface Offer extends Event {
  prompt(): Promise<unknown>;
}

let offered: Offer | null = null;

/** Only iPhones say whether; undefined elsewhere. */
function standsAlone(): boolean | undefined {
  return (navigator as { standalone?: boolean }).standalone;
}

function show(): void {
  const installed = matchMedia("(display-mode: standalone)").matches || standsAlone() === true;
  const way = offered ? "browser" : standsAlone() === false ? "iphone" : "";
  for (const place of document.querySelectorAll<HTMLElement>("[data-install]")) {
    place.hidden = installed || place.dataset.install !== way;
  }
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event as Offer;
  show();
});
addEventListener("appinstalled", () => {
  offered = null;
  show();
});
document.addEventListener("click", ({ target }) => {
  if (!offered || !(target instanceof Element) || !target.closest("[data-install-now]")) return;
  void offered.prompt();
  offered = null;
});
document.addEventListener("htmx:after:swap", show);
show();

export {};
