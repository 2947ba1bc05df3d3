/** An amount in integer minor units of its ISO 4217 currency: { amount: 1234n, currency: "EUR" } is 12.34 EUR. */
export type Money = { amount: bigint; currency: string };

/** Largest amount that a JSON number carries exactly (2^53 - 1). */
const MAX_AMOUNT = BigInt(Number.MAX_SAFE_INTEGER);

const ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ");
const THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND".split(" ");
const FOUR_DECIMALS = "CLF UYW".split(" ");

/** Number of decimals of a currency (ISO 4217, list one): 2 unless it is one of the few exceptions. */
function decimalsOf(currency: string): number {
  if (ZERO_DECIMALS.includes(currency)) return 0;
  if (THREE_DECIMALS.includes(currency)) return 3;
  return FOUR_DECIMALS.includes(currency) ? 4 : 2;
}

/** "12.34" for 1234 minor units of EUR, "500" for 500 of JPY. */
export function toDecimal({ amount, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return amount < 0n ? `-${text}` : text;
}

/**
 * Minor units of a plain decimal text ("24.9" EUR → 2490n), exactly; null for anything else: signs, grouping, exponents,
 * more decimals than the currency has, more than MAX_AMOUNT.
 */
export function parseDecimal(text: string, currency: string): bigint | null {
  const match = /^(\d{1,16})(?:\.(\d{1,4}))?$/.exec(text.trim());
  if (!match) return null;
  const decimals = decimalsOf(currency);
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return null;
  const amount = BigInt(match[1] + fraction.padEnd(decimals, "0"));
  return amount <= MAX_AMOUNT ? amount : null;
}

/** Divides to the nearest integer, ties away from zero ("commercial rounding", "half up" for amounts). */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/**
 * Splits a total in proportion to weights by the largest-remainder method: parts are integers and sum to the total exactly; equal
 * remainders go to the earlier part. All weights 0: everything goes to the first part.
 */
export function allocate(total: bigint, weights: bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const parts = weights.map((weight) => (total * weight) / sum);
  const remainders = weights.map((weight, index) => ({ index, size: (total * weight) % sum }));
  remainders.sort((a, b) => (a.size === b.size ? a.index - b.index : a.size > b.size ? -1 : 1));
  let left = total - parts.reduce((a, b) => a + b, 0n);
  for (const { index } of remainders) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}
