// A form knows its command's id from the moment it is on the page, so that two taps are one command.

export function mint(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-mint]")) {
    if (!field.value) field.value = crypto.randomUUID?.() ?? randomId();
  }
}

// Pages over plain http on a local network have no crypto.randomUUID.
function randomId(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

// When it was written down, said once: a second try of the same command says the same time.
function stamp(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[data-now]");
  if (field && !field.value) field.value = new Date().toISOString();
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target instanceof HTMLFormElement) stamp(event.target);
  },
  { capture: true },
);
document.addEventListener("htmx:after:swap", () => mint(document));
addEventListener("pageshow", () => mint(document));
mint(document);
