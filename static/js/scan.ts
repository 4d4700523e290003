// [data-scans="<field>"] reads a barcode by the camera into that field and sends its form, where the browser can read barcodes.

import { say } from "./say";
import { copyOf } from "./shown";

const EVERY_MS = 150;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

const Detects = (globalThis as { BarcodeDetector?: new () => Detector }).BarcodeDetector;

function offer(): void {
  if (!Detects || !navigator.mediaDevices?.getUserMedia) return;
  for (const button of document.querySelectorAll<HTMLElement>("[data-scans]"))
    button.hidden = false;
}

async function scan(field: HTMLInputElement): Promise<void> {
  const dialog = copyOf("scanner");
  const video = dialog?.querySelector("video");
  if (!Detects || !video || !(dialog instanceof HTMLDialogElement)) return;
  const camera = await navigator.mediaDevices
    .getUserMedia({ video: { facingMode: "environment" } })
    .catch(() => null);
  if (!camera) return say("no-camera");
  video.srcObject = camera;
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  void video.play().catch(() => {});
  const code = await read(new Detects(), video, dialog);
  for (const track of camera.getTracks()) track.stop();
  dialog.remove();
  if (!code) return field.focus();
  field.value = code;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.form?.requestSubmit();
}

/** "" when the person has closed it. */
async function read(
  detector: Detector,
  video: HTMLVideoElement,
  dialog: HTMLDialogElement,
): Promise<string> {
  while (dialog.open) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found?.rawValue) return found.rawValue;
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
  return "";
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-scans]") : null;
  const field = document.getElementById(button?.dataset.scans ?? "");
  if (field instanceof HTMLInputElement) void scan(field);
});
document.addEventListener("overlay:drawn", offer);
document.addEventListener("htmx:after:swap", offer);
offer();
