// Forms with position fields read the phone's position when they are sent, and at no other time.

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
  const read: Record<string, number | undefined> = {
    lat: coords?.latitude,
    lon: coords?.longitude,
    accuracy: coords?.accuracy,
  };
  for (const field of fields(form)) field.value = String(read[field.dataset.position ?? ""] ?? "");
  asked.add(form);
  form.requestSubmit(submitter);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !fields(form).length) return;
    if (!("geolocation" in navigator) || !isSecureContext || asked.delete(form)) return;
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
