// A whole pack goes into the half that is not shown, a piece at a time. A stream that is cut goes on where it was.

import { laidIn, tidy, verified } from "./lay";
import type { Line, Lines, Sent } from "./lines";
import { change, type Filling, other, type Pack, type Standing, type Writing } from "./store";

const AT_ONCE = 60;

export interface Told {
  kind: "pack";
  /** Addresses of pages that are different from before; "*" is all. */
  changed: string[];
  /** How many of how many things that pages are about have come; what is needed first is there. */
  got: number;
  count: number;
  ready: boolean;
  done: boolean;
  /** When it was asked for, and what was there before: a page that is older than that has missed a word. */
  asOf: number;
  since: number;
}

export interface Run {
  pack: Pack;
  lines: Lines;
  /** When it was asked for. */
  asOf: number;
  version: string;
  count: number;
  tell(told: Told): void;
}

export class Whole {
  #came: Sent[] = [];
  #filling: Filling;

  constructor(
    readonly run: Run,
    private now: Standing,
  ) {
    const half = now.version ? other(now.live) : now.live;
    const { version, asOf } = run;
    const begun = { half, version, asOf, cursor: "", got: 0, ready: false };
    this.#filling = now.filling ?? begun;
  }

  async fill(): Promise<void> {
    if (!this.now.filling) await this.#clear();
    for (let line = await this.run.lines.next(); line; line = await this.run.lines.next()) {
      if (line.u !== undefined) this.#came.push(await verified(line as Sent));
      else await this.#heed(line);
    }
  }

  async #clear(): Promise<void> {
    this.now = { ...this.now, filling: this.#filling };
    await change(this.run.pack, async (tx) => {
      await tx.objectStore(`pages-${this.#filling.half}`).clear();
      await tx.objectStore(`rows-${this.#filling.half}`).clear();
      await tx.objectStore("standing").put(this.now, "now");
    });
  }

  async #heed(line: Line): Promise<void> {
    if (line.cursor !== undefined) await this.#gotTo(line.cursor);
    if (line.ready) await this.#show();
    if (line.end) await this.#end(line.groups);
  }

  async #gotTo(cursor: string): Promise<void> {
    if (this.#came.length < AT_ONCE && !cursor.endsWith(".")) return;
    const got =
      this.#filling.got + new Set(this.#came.flatMap((one) => (one.h && one.g) || [])).size;
    await this.#put({ ...this.now, filling: { ...this.#filling, cursor, got } });
    this.#tell([]);
  }

  /** From here on it is shown; what has not come yet is still found in the other half. */
  async #show(): Promise<void> {
    const filling = { ...this.#filling, ready: true };
    const { half: live, asOf } = filling;
    const changed = await this.#put({ ...this.now, live, asOf, filling });
    this.#tell(changed);
  }

  async #end(groups?: string[]): Promise<void> {
    const { half, version, asOf } = this.#filling;
    await this.#put({ live: half, version, filling: null, asOf }, async (tx) => {
      await tidy(tx, half, version, groups);
      await tx.objectStore(`pages-${other(half)}`).clear();
      await tx.objectStore(`rows-${other(half)}`).clear();
    });
    const { count, tell } = this.run;
    const all = { got: count, count, ready: true, done: true };
    tell({ kind: "pack", changed: ["*"], ...all, asOf, since: asOf });
  }

  async #put(next: Standing, then?: (tx: Writing) => Promise<void>): Promise<string[]> {
    const pages = this.#came;
    this.#came = [];
    const { half } = this.#filling;
    this.now = next;
    this.#filling = next.filling ?? this.#filling;
    return change(this.run.pack, async (tx) => {
      const changed = await laidIn(tx, half, pages);
      await then?.(tx);
      await tx.objectStore("standing").put(next, "now");
      return changed;
    });
  }

  #tell(changed: string[]): void {
    const { got, ready } = this.#filling;
    const { asOf } = this.now;
    const { count, tell } = this.run;
    tell({ kind: "pack", changed, got, count, ready, done: false, asOf, since: asOf });
  }
}
