// Amounts as the server reckons them: whole minor units, half up. tests/contract/amounts.json holds both to it.

const NUMBER = /^(\d{1,6})(?:\.(\d{1,3}))?$/;
const MOST = 100_000_000; // thousandths

/** As the server reads it: "1,5" is "1.5". Null for what is no number above 0 with at most three decimals, up to 100,000. */
export function many(written: string): string | null {
  const plain = written.normalize("NFKC").trim().replace(",", ".");
  const thousandths = thousandthsOf(plain);
  return thousandths !== null && thousandths > 0 && thousandths <= MOST ? plain : null;
}

/** `minor` units each; what is no number counts nothing. */
export function times(minor: number, number: string): number {
  const thousandths = BigInt(thousandthsOf(number) ?? 0);
  return Number((BigInt(minor) * thousandths * 2n + 1_000n) / 2_000n);
}

function thousandthsOf(number: string): number | null {
  const found = NUMBER.exec(number);
  return found ? Number(`${found[1]}${(found[2] ?? "").padEnd(3, "0")}`) : null;
}

/** As the reader writes it: ¥12.30. */
export function shown(minor: number, currency: string, digits: number, language: string): string {
  const how = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const money = new Intl.NumberFormat(language, { style: "currency", currency, ...how });
  return money.format(minor / 10 ** digits);
}
