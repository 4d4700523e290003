// A drawn map whose stops were put into another sequence on this phone: new numbers, another line.

interface Place {
  x: number;
  y: number;
}

/** `sequence`: the ids of all stops of the day, or of those still ahead, as they now follow each other. */
export function redraw(sequence: string[]): void {
  for (const drawing of document.querySelectorAll("svg[data-sketch]")) {
    if (drawing.querySelector("[data-stop]")) redrawOne(drawing, sequence);
  }
}

function redrawOne(drawing: Element, sequence: string[]): void {
  const marks = [...drawing.querySelectorAll<SVGGElement>("[data-stop]")];
  const named = new Map(marks.map((mark) => [mark.dataset.stop ?? "", mark]));
  const before = Math.max(0, ...marks.filter((mark) => !isIn(sequence, mark)).map(numberOf));
  for (const [at, id] of sequence.entries()) renumber(named.get(id), before + at + 1);
  const ahead = sequence.flatMap((id) => named.get(id) ?? []).filter(isAhead);
  if (drawing.querySelector(".next")) {
    for (const mark of marks.filter(isAhead)) mark.classList.toggle("next", mark === ahead[0]);
  }
  const line = drawing.querySelector<SVGPolylineElement>("[data-course]");
  const through = [
    line?.dataset.course ?? "",
    ...ahead.map(placeOf).map(({ x, y }) => `${x} ${y}`),
  ];
  line?.setAttribute("points", through.filter(Boolean).join(" "));
}

function isIn(sequence: string[], mark: SVGGElement): boolean {
  return sequence.includes(mark.dataset.stop ?? "");
}

function isAhead(mark: SVGGElement): boolean {
  return mark.dataset.ahead !== undefined;
}

function numberOf(mark: SVGGElement): number {
  return Number(mark.dataset.number);
}

function placeOf(mark: SVGGElement): Place {
  const [x = 0, y = 0] = (mark.getAttribute("transform")?.match(/-?\d+/g) ?? []).map(Number);
  return { x, y };
}

function renumber(mark: SVGGElement | undefined, to: number): void {
  if (!mark) return;
  const link = mark.closest("a");
  const was = mark.dataset.number ?? "";
  const said = link?.getAttribute("aria-label");
  if (said?.startsWith(`${was} `))
    link?.setAttribute("aria-label", `${to}${said.slice(was.length)}`);
  mark.dataset.number = String(to);
  const shown = mark.querySelector("text");
  if (shown) shown.textContent = String(to);
}

document.addEventListener("sketch:sequence", (event) => {
  redraw((event as CustomEvent<string[]>).detail);
});
