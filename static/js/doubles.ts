// While something new is written down, the phone tells what it may be already: [data-alike="<addresses>"] in its form. The
// server, which knows more, answers after it where there is a signal.

import { alike, type Known, type Likeness } from "./alike";
import { metres } from "./metres";
import { copyOf, fill, toggle } from "./shown";
import { type Found, find } from "./worker";

const PAUSE_MS = 250;
const ALL = 100_000;
const MOST = 3;

let bell: ReturnType<typeof setTimeout> | undefined;

async function look(place: HTMLElement, form: HTMLFormElement): Promise<void> {
  const wanted = written(form);
  if (!wanted.name && !wanted.phones.length) return;
  const under = place.dataset.alike ?? "";
  const kept = await find({ text: "", under, only: {}, near: null, most: ALL });
  if (!kept || !place.isConnected || !written(form).name) return;
  const known = new Map(kept.map((one) => [one.url, one]));
  const index = kept.map(({ url, holes, place: at }) => ({
    id: url,
    name: holes.name ?? "",
    spelt: holes.spelt ?? "",
    phones: (holes.phones ?? "").split("\n").filter(Boolean),
    lat: at?.[0] ?? null,
    lon: at?.[1] ?? null,
  }));
  draw(place, known, alike(wanted, index).slice(0, MOST));
}

function written(form: HTMLFormElement): Known {
  const said = new FormData(form);
  const text = (name: string) => String(said.get(name) ?? "").trim();
  const number = (name: string) => (text(name) ? Number(text(name)) : null);
  const [lat, lon] = [number("position[lat]"), number("position[lon]")];
  const phones = text("phone") ? [text("phone")] : [];
  return { id: "", name: text("name"), phones, lat, lon };
}

function draw(place: HTMLElement, known: Map<string, Found>, found: [Known, Likeness][]): void {
  const notice = found.length ? copyOf("alike-found") : null;
  const list = notice?.querySelector("ul");
  for (const [{ id }, like] of found) {
    const row = copyOf("alike-row");
    const link = row?.querySelector("a");
    if (!row || !link) continue;
    link.href = id;
    fill(row, { name: known.get(id)?.holes.name ?? "" });
    const signs = new Set<string>(like.signs);
    toggle(row, {
      ...Object.fromEntries(["same_phone", "same_name", "near_name"].map((s) => [s, signs.has(s)])),
      both: signs.size > 1,
      metres: like.metres !== null,
    });
    for (const far of row.querySelectorAll<HTMLElement>("[data-metres]")) {
      if (like.metres !== null) far.textContent = metres(like.metres, far);
    }
    list?.append(row);
  }
  place.replaceChildren(notice ?? "");
}

function wait({ target }: Event): void {
  const form = target instanceof Element ? target.closest("form") : null;
  const place = form?.querySelector<HTMLElement>("[data-alike]");
  if (!form || !place) return;
  clearTimeout(bell);
  bell = setTimeout(() => void look(place, form), PAUSE_MS);
}

document.addEventListener("input", wait);
document.addEventListener("located", wait, { capture: true }); // it does not bubble
