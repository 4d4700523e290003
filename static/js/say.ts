// The page's message area: what is said there stands in templates.

export function say(id: string): void {
  const template = document.querySelector<HTMLTemplateElement>(`template#${id}`);
  const place = document.getElementById("messages");
  if (template) place?.replaceChildren(template.content.cloneNode(true));
}

document.addEventListener("htmx:before:request", () =>
  document.getElementById("messages")?.replaceChildren(),
);
