// Forms with position fields read the phone's position when they are sent, and at no other time.
// Where there is a tick for it, [data-locates], it is read when that is set, and not at all without.

import { metres } from "./metres";
import { toggle } from "./shown";

const LIMIT_MS = 8_000;
const FRESH_MS = 15_000;
const asked = new WeakSet<HTMLFormElement>();
const commands = new WeakMap<HTMLFormElement, string>();

function fields(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[data-position]")];
}

// A command that is sent a second time says the same as the first time.
function known(form: HTMLFormElement): boolean {
  const command = form.querySelector<HTMLInputElement>("input[data-mint]")?.value;
  if (!command || commands.get(form) === command) return Boolean(command);
  commands.set(form, command);
  return false;
}

/** Ticked, and read already, or not ticked. */
function isChosen(form: HTMLFormElement): boolean {
  const tick = form.querySelector<HTMLInputElement>("input[data-locates]");
  return tick !== null && (!tick.checked || fields(form).some(({ value }) => value));
}

function position(): Promise<GeolocationCoordinates | null> {
  return new Promise((found) => {
    // Some browsers never answer while their own question is on the screen.
    const give = setTimeout(() => found(null), LIMIT_MS + 1_000);
    const settle = (coords: GeolocationCoordinates | null) => {
      clearTimeout(give);
      found(coords);
    };
    navigator.geolocation.getCurrentPosition(
      (fix) => settle(fix.coords),
      () => settle(null),
      { enableHighAccuracy: true, timeout: LIMIT_MS, maximumAge: FRESH_MS },
    );
  });
}

async function locate(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const said = document.getElementById("messages");
  const finding = document.querySelector<HTMLTemplateElement>("template#finding");
  if (said && finding) said.replaceChildren(finding.content.cloneNode(true));
  const coords = await position();
  said?.replaceChildren();
  write(form, coords);
  asked.add(form);
  form.requestSubmit(submitter);
}

function write(form: HTMLFormElement, coords: GeolocationCoordinates | null): void {
  const read: Record<string, number | undefined> = {
    lat: coords?.latitude,
    lon: coords?.longitude,
    accuracy: coords?.accuracy,
  };
  for (const field of fields(form)) field.value = String(read[field.dataset.position ?? ""] ?? "");
}

async function choose(form: HTMLFormElement, tick: HTMLInputElement): Promise<void> {
  write(form, null);
  toggle(form, { located: false, unlocated: false });
  const coords = tick.checked ? await position() : null;
  if (!tick.checked) return void form.dispatchEvent(new Event("located"));
  write(form, coords);
  tick.checked = coords !== null;
  for (const place of form.querySelectorAll<HTMLElement>('[data-metres="accuracy"]')) {
    place.textContent = metres(coords?.accuracy ?? 0, place);
  }
  toggle(form, { located: coords !== null, unlocated: coords === null });
  form.dispatchEvent(new Event("located"));
}

document.addEventListener("change", ({ target: tick }) => {
  if (!(tick instanceof HTMLInputElement) || tick.dataset.locates === undefined) return;
  if (tick.form) void choose(tick.form, tick);
});

document.addEventListener("reset", ({ target }) => {
  if (target instanceof HTMLFormElement) toggle(target, { located: false, unlocated: false });
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !fields(form).length) return;
    if (!("geolocation" in navigator) || !isSecureContext || asked.delete(form)) return;
    if (isChosen(form)) return;
    if (form.ariaBusy !== "true" && known(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    void locate(form, event.submitter).finally(() => {
      form.ariaBusy = null;
    });
  },
  { capture: true },
);
