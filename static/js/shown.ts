// Sentences stand in the page, in templates with holes: {name}. Times and sizes as the reader writes them.

export type Holes = Record<string, string | number>;

const NEAR_MS = 30_000;

export function words(id: string, holes: Holes = {}): string {
  const found = document.getElementById(`words-${id}`);
  const text = found instanceof HTMLTemplateElement ? (found.content.textContent ?? "").trim() : "";
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(holes[name] ?? hole));
}

/** What is called so on this page; its own name where it is called nothing. */
export function called(name: string): string {
  const found = document.getElementById(`command-${name}`);
  return found instanceof HTMLTemplateElement ? (found.content.textContent ?? "").trim() : name;
}

export function title(name: string, about: string | undefined, at: Date): string {
  const holes = { what: called(name), time: clock(at) };
  return about ? words("title-about", { ...holes, about }) : words("title", holes);
}

export function fill(part: ParentNode, holes: Holes): void {
  for (const [name, value] of Object.entries(holes)) {
    for (const hole of part.querySelectorAll(`[data-hole="${name}"]`)) {
      if (hole.textContent !== String(value)) hole.textContent = String(value);
    }
  }
}

/** [data-if="name"] is there when it is true. */
export function toggle(part: ParentNode, facts: Record<string, boolean>): void {
  for (const [name, holds] of Object.entries(facts)) {
    for (const place of part.querySelectorAll<HTMLElement>(`[data-if="${name}"]`)) {
      place.hidden = !holds;
    }
  }
}

export function copyOf(template: string): HTMLElement | null {
  const found = document.getElementById(template);
  if (!(found instanceof HTMLTemplateElement)) return null;
  return found.content.firstElementChild?.cloneNode(true) as HTMLElement | null;
}

/** By the phone's clock, set right where the server's is another. */
export function moment(at: string, offset = 0): Date {
  return new Date(Date.parse(at) + (Math.abs(offset) > NEAR_MS ? offset : 0));
}

/** The time; with its day when that is not today. */
export function clock(at: Date): string {
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? {} : ({ day: "numeric", month: "short" } as const);
  const how = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat(language(), how).format(at);
}

/** "0.6 kB". */
export function size(text: string): string {
  const kilobytes = Math.max(new TextEncoder().encode(text).length / 1_000, 0.1);
  const how = { style: "unit", unit: "kilobyte", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language(), how).format(kilobytes);
}

function language(): string {
  return document.documentElement.lang;
}
