// A drawn map whose stops were put into another sequence on this phone: new numbers, another line.

interface Place {
  x: number;
  y: number;
}

/** Ids, as they now follow each other: of all stops of the day, or of those still ahead and those just `been` at. */
export interface Sequence {
  sequence: string[];
  been: string[];
}

export function redraw(now: Sequence): void {
  for (const drawing of document.querySelectorAll("svg[data-sketch]")) {
    if (drawing.querySelector("[data-mark]")) redrawOne(drawing, now);
  }
}

/** A mark that was ahead and is no more in the sequence is not shown. */
function redrawOne(drawing: Element, { sequence, been }: Sequence): void {
  const marks = [...drawing.querySelectorAll<SVGGElement>("[data-mark]")];
  const named = new Map(marks.map((mark) => [mark.dataset.mark ?? "", mark]));
  const others = marks.filter((mark) => !isIn(sequence, mark));
  for (const mark of marks) mark.classList.toggle("out", isAhead(mark) && others.includes(mark));
  const before = Math.max(0, ...others.filter((mark) => !isAhead(mark)).map(numberOf));
  for (const [at, id] of sequence.entries()) renumber(named.get(id), before + at + 1);
  const ahead = sequence.flatMap((id) => named.get(id) ?? []).filter(isAhead);
  const [next] = ahead.filter((mark) => !isIn(been, mark));
  if (drawing.querySelector(".next")) {
    for (const mark of ahead) mark.classList.toggle("next", mark === next);
  }
  const line = drawing.querySelector<SVGPolylineElement>("[data-through]");
  const through = [
    line?.dataset.through ?? "",
    ...ahead.map(placeOf).map(({ x, y }) => `${x} ${y}`),
  ];
  line?.setAttribute("points", through.filter(Boolean).join(" "));
}

function isIn(sequence: string[], mark: SVGGElement): boolean {
  return sequence.includes(mark.dataset.mark ?? "");
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
  redraw((event as CustomEvent<Sequence>).detail);
});
