// A picture as it is sent: upright, no larger than it need be, with a strip below that says when, where and at whose place.

const LONGEST = 1_600; // pixels
const QUALITY = 0.8;
const KIND = "image/jpeg";

export interface Shrunk {
  bytes: ArrayBuffer;
  type: string;
}

/** `lines` are written below the picture. Throws where the file is no picture that this browser can show. */
export async function shrunk(file: Blob, lines: string[]): Promise<Shrunk> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const [width, height] = [image.width, image.height].map((side) => Math.round(side * scale)) as [
    number,
    number,
  ];
  const letters = Math.max(14, Math.round(width / 45));
  const strip = lines.length ? Math.round(letters * (lines.length * 1.4 + 0.8)) : 0;
  const canvas = Object.assign(document.createElement("canvas"), {
    width,
    height: height + strip,
  });
  const paper = canvas.getContext("2d");
  if (!paper) throw new Error("This browser cannot draw.");
  paper.drawImage(image, 0, 0, width, height);
  image.close();
  paper.fillStyle = "#141416";
  paper.fillRect(0, height, width, strip);
  paper.fillStyle = "#ffffff";
  paper.font = `${letters}px system-ui, sans-serif`;
  paper.textBaseline = "top";
  for (const [at, line] of lines.entries()) {
    paper.fillText(line, letters, height + letters * (0.6 + at * 1.4), width - 2 * letters);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, KIND, QUALITY));
  if (!blob) throw new Error("This browser cannot keep a picture.");
  return { bytes: await blob.arrayBuffer(), type: KIND };
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
