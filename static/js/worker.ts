// What a page asks of the worker. Null: there is none, it keeps nothing yet, or it does not answer.

const LIMIT_MS = 2_000;

export interface Found {
  url: string;
  holes: Record<string, string>;
  metres: number | null;
  place: [lat: number, lon: number] | null;
}

export interface Wish {
  text: string;
  /** What is found begins with it. */
  under: string;
  /** Holes that must say just this. */
  only: Record<string, string>;
  near: [lat: number, lon: number] | null;
  most: number;
}

export function find(wish: Wish): Promise<Found[] | null> {
  return ask({ kind: "find", wish });
}

/** Those of these addresses that are kept, in no order. */
export function lookUp(urls: string[]): Promise<Found[] | null> {
  return ask({ kind: "look up", urls });
}

/** When what the pack holds was asked for, in milliseconds of this phone's clock. */
export function asOf(): Promise<number | null> {
  return ask({ kind: "as of" });
}

function ask<T>(question: object): Promise<T | null> {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve(null);
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<T | null>) => done(data);
    worker.postMessage(question, [port2]);
    setTimeout(() => done(null), LIMIT_MS);
  });
}
