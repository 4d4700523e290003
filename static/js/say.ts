// The page's message area: what is said there stands in templates.

const PASSES_MS = 4_000;

/** What is not among the templates clears the area. */
export function say(id: string): void {
  const template = document.querySelector<HTMLTemplateElement>(`template#${id}`);
  const place = document.getElementById("messages");
  if (!place) return;
  place.replaceChildren(template?.content.cloneNode(true) ?? "");
  place.dataset.says = id;
  if (template?.dataset.passes === undefined) return;
  setTimeout(() => saying(id) && place.replaceChildren(), PASSES_MS);
}

/** Whether this is what stands there now. */
export function saying(id: string): boolean {
  const place = document.getElementById("messages");
  return place?.dataset.says === id && place.childElementCount > 0;
}

/** What only adds something to a page, [data-quiet], ends no message and is not missed. */
export function isQuiet(asking: EventTarget | null): boolean {
  return asking instanceof Element && asking.closest("[data-quiet]") !== null;
}

document.addEventListener("htmx:before:request", ({ target }) => {
  if (!isQuiet(target)) document.getElementById("messages")?.replaceChildren();
});
