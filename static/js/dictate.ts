// [data-dictates="<field>"] writes what is spoken into that field: only where the browser understands speech by itself, so that
// no voice leaves the phone.

interface Heard extends Event {
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
  resultIndex: number;
}

interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  processLocally: boolean;
  start(): void;
  stop(): void;
}

interface Recognizer {
  new (): Recognition;
  available?(how: { langs: string[]; processLocally: boolean }): Promise<string>;
}

const recognizer = (globalThis as { SpeechRecognition?: Recognizer }).SpeechRecognition;
let speaking: { button: HTMLElement; heard: Recognition } | null = null;

/** Chinese is spoken in China here, English anywhere. */
function language(): string {
  return document.documentElement.lang === "zh-CN" ? "zh-CN" : "en-US";
}

async function able(): Promise<boolean> {
  const how = { langs: [language()], processLocally: true };
  return (await recognizer?.available?.(how).catch(() => "")) === "available";
}

async function offer(): Promise<void> {
  const buttons = document.querySelectorAll<HTMLElement>("[data-dictates][hidden]");
  if (!buttons.length || !recognizer || !(await able())) return;
  for (const button of buttons) button.hidden = false;
}

function stop(): void {
  speaking?.heard.stop();
  if (speaking) speaking.button.ariaPressed = "false";
  speaking = null;
}

function listen(button: HTMLElement, field: HTMLTextAreaElement): void {
  if (!recognizer) return;
  const heard = new recognizer();
  Object.assign(heard, { lang: language(), continuous: true, processLocally: true });
  heard.addEventListener("result", (event) => write(field, event as Heard));
  for (const end of ["end", "error"]) {
    heard.addEventListener(end, () => speaking?.heard === heard && stop());
  }
  speaking = { button, heard };
  button.ariaPressed = "true";
  heard.start();
}

function write(field: HTMLTextAreaElement, { results, resultIndex }: Heard): void {
  const said = Array.from(results)
    .slice(resultIndex)
    .filter(({ isFinal }) => isFinal);
  const text = said.map((one) => one[0]?.transcript ?? "").join("");
  if (!text) return;
  const space = field.value && !/\s$/.test(field.value) && !/^\s/.test(text) ? " " : "";
  field.value += space + text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-dictates]") : null;
  if (!button) return;
  const before = speaking?.button;
  stop();
  const field = document.getElementById(button.dataset.dictates ?? "");
  if (before !== button && field instanceof HTMLTextAreaElement) listen(button, field);
});
document.addEventListener("submit", stop, { capture: true });
document.addEventListener("overlay:drawn", () => void offer());
document.addEventListener("htmx:after:swap", () => void offer());
void offer();
