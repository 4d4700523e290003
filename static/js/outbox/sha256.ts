// SHA-256 without waiting: a promise would let the IndexedDB transaction end, and crypto.subtle is missing on plain http.

const ROOTS = primes(64);
const START = ROOTS.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));
const ROUND = ROOTS.map((prime) => fraction(prime ** (1 / 3)));

/** Of the text's UTF-8 bytes, in hex. */
export function sha256(text: string): string {
  const words = padded(new TextEncoder().encode(text));
  const state = Int32Array.from(START);
  for (let block = 0; block < words.length; block += 16) {
    mix(state, words.subarray(block, block + 16));
  }
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
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

function padded(bytes: Uint8Array): Int32Array {
  const whole = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  new Uint8Array(whole.buffer).set(bytes);
  whole.setUint8(bytes.length, 0x80);
  whole.setUint32(whole.byteLength - 8, Math.floor(bytes.length / 2 ** 29));
  whole.setUint32(whole.byteLength - 4, bytes.length << 3);
  return Int32Array.from({ length: whole.byteLength / 4 }, (_, at) => whole.getInt32(at * 4));
}

function mix(state: Int32Array, block: Int32Array): void {
  const schedule = spread(block);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (const [round, word] of schedule.entries()) {
    const first =
      h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + at(ROUND, round) + word;
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [place, word] of [a, b, c, d, e, f, g, h].entries()) {
    state[place] = at(state, place) + word;
  }
}

function spread(block: Int32Array): Int32Array {
  const words = new Int32Array(64);
  words.set(block);
  for (let place = 16; place < 64; place++) {
    const [near, far] = [at(words, place - 2), at(words, place - 15)];
    words[place] =
      (turn(near, 17) ^ turn(near, 19) ^ (near >>> 10)) +
      at(words, place - 7) +
      (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)) +
      at(words, place - 16);
  }
  return words;
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function at(words: ArrayLike<number>, place: number): number {
  return words[place] ?? 0;
}
