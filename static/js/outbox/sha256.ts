// SHA-256 without waiting: a promise would let the IndexedDB transaction end, and crypto.subtle is missing on plain http.
// Plain loops over typed arrays: a thumb waits for it.

const ROOTS = primes(64);
const START = ROOTS.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));
const ROUND = Int32Array.from(ROOTS, (prime) => fraction(prime ** (1 / 3)));
const SCHEDULE = new Int32Array(64);
const BLOCK = 64; // bytes
const TEXT = new TextEncoder();

/** Of the text's UTF-8 bytes, in hex. */
export function sha256(text: string): string {
  const bytes = padded(TEXT.encode(text));
  const state = Int32Array.from(START);
  for (let from = 0; from < bytes.byteLength; from += BLOCK) mix(state, bytes, from);
  let hex = "";
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, "0");
  return hex;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let next = 2; found.length < count; next++) {
    if (found.every((prime) => next % prime)) found.push(next);
  }
  return found;
}

function fraction(root: number): number {
  return (root * 2 ** 32) | 0;
}

function padded(bytes: Uint8Array): DataView {
  const whole = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(whole.length - 4, bytes.length << 3);
  return view;
}

function mix(state: Int32Array, bytes: DataView, from: number): void {
  spread(bytes, from);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < 64; round++) {
    const key = (ROUND[round] as number) + (SCHEDULE[round] as number);
    const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + key;
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  const mixed = [a, b, c, d, e, f, g, h];
  for (let place = 0; place < 8; place++) {
    state[place] = (state[place] as number) + (mixed[place] as number);
  }
}

function spread(bytes: DataView, from: number): void {
  for (let place = 0; place < 16; place++) SCHEDULE[place] = bytes.getInt32(from + place * 4);
  for (let place = 16; place < 64; place++) {
    const near = SCHEDULE[place - 2] as number;
    const far = SCHEDULE[place - 15] as number;
    SCHEDULE[place] =
      (turn(near, 17) ^ turn(near, 19) ^ (near >>> 10)) +
      (SCHEDULE[place - 7] as number) +
      (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)) +
      (SCHEDULE[place - 16] as number);
  }
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
