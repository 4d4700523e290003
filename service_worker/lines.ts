// What a pack comes as: lines of JSON.

import type { Row } from "./find";

const SILENCE_MS = 20_000;

/** A page: its address, its hash and its text; the only day that it is for; what it goes with. */
export interface PageSent {
  u: string;
  h: string;
  b: string;
  d?: string;
  g?: string;
  m?: string[];
}

/** `r` is what can be found and looked up under the address, with a page or without; null when it is there no more. */
export type Sent = (PageSent | { u: string; h?: undefined }) & { r?: Row | null };

export interface Line extends Partial<PageSent> {
  proto?: number;
  version?: string;
  count?: number;
  cursor?: string;
  ready?: boolean;
  end?: boolean;
  /** What pages may go with from now on. */
  groups?: string[];
}

/** The lines of a stream; null at its end, or where it is cut, or says nothing for too long. */
export class Lines {
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #decoder = new TextDecoder();
  #text = "";

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  async next(): Promise<Line | null> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return JSON.parse(line) as Line;
      }
      const part = await this.#read();
      if (!part) return null;
      this.#text += this.#decoder.decode(part, { stream: true });
    }
  }

  async #read(): Promise<Uint8Array | undefined> {
    let bell: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((done) => {
      bell = setTimeout(() => done(undefined), SILENCE_MS);
    });
    const read = this.#reader.read().then(
      ({ value }) => value,
      () => undefined,
    );
    const part = await Promise.race([read, late]);
    clearTimeout(bell);
    if (!part) void this.#reader.cancel().catch(() => {});
    return part;
  }
}
