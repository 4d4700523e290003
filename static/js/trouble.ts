// When the network fails the page says so and keeps what was written.

function say(id: string): void {
  const template = document.querySelector<HTMLTemplateElement>(`template#${id}`);
  if (template)
    document.getElementById("messages")?.replaceChildren(template.content.cloneNode(true));
}

document.addEventListener("htmx:error", () => say("no-signal"));
document.addEventListener("htmx:before:request", () =>
  document.getElementById("messages")?.replaceChildren(),
);
