/** Whole units in ISO 4217, but Stripe takes hundredths whose last two digits are 00 (5 ISK are 500). */
const HUNDREDTHS_OF_WHOLE = ["ISK", "UGX"];
/** Hundredths in ISO 4217, but Stripe takes whole units. */
const WHOLE = ["MGA"];
/** Thousandths that Stripe takes only with a last digit of 0. */
const THOUSANDTHS = ["BHD", "JOD", "KWD", "OMR", "TND"];

const MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * ISO 4217 minor units in Stripe's unit of the currency, exactly; null when Stripe has no such amount (5.124 KWD): nothing is rounded.
 * @see https://docs.stripe.com/currencies, "Special cases" and "Three-decimal currencies"; HUF and TWD differ for payouts alone
 */
export function toStripe(amount: bigint, currency: string): number | null {
  if (WHOLE.includes(currency)) return amount % 100n === 0n ? toNumber(amount / 100n) : null;
  if (THOUSANDTHS.includes(currency) && amount % 10n !== 0n) return null;
  return toNumber(HUNDREDTHS_OF_WHOLE.includes(currency) ? amount * 100n : amount);
}

/**
 * Stripe's amount in ISO 4217 minor units. The currency may be in either case.
 * @throws when it can't be said in them: such an amount is not one of ours
 */
export function fromStripe(amount: number, currency: string): bigint {
  const [units, code] = [BigInt(amount), currency.toUpperCase()];
  if (WHOLE.includes(code)) return units * 100n;
  if (!HUNDREDTHS_OF_WHOLE.includes(code)) return units;
  if (units % 100n !== 0n) throw new Error(`Stripe speaks of a fraction of ${code}`);
  return units / 100n;
}

const toNumber = (amount: bigint) => (amount >= 0n && amount <= MAX ? Number(amount) : null);
