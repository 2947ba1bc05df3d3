import { fromStripe, toStripe } from "./amounts";

test.each([
  ["EUR", 12_34n, 1234],
  ["JPY", 500n, 500],
  ["HUF", 10_45n, 1045], // whole forints are for payouts alone
  ["TWD", 800_45n, 80_045],
  ["KWD", 5_120n, 5120],
  ["ISK", 5n, 500],
  ["UGX", 5n, 500],
  ["MGA", 12_00n, 12],
  ["EUR", 0n, 0],
])("%s: %s minor units are Stripe's %s, there and back", (currency, ours, theirs) => {
  expect(toStripe(ours, currency)).toBe(theirs);
  expect(fromStripe(theirs, currency)).toBe(ours);
  expect(fromStripe(theirs, currency.toLowerCase())).toBe(ours);
});

test.each([
  ["KWD", 5_124n],
  ["TND", 1n],
  ["MGA", 12_50n],
  ["ISK", BigInt(Number.MAX_SAFE_INTEGER)],
  ["EUR", -1n],
])("%s: %s minor units can't be said to Stripe, and are not rounded", (currency, amount) => {
  expect(toStripe(amount, currency)).toBeNull();
});

test("a fraction of what has none is not understood", () => {
  expect(() => fromStripe(550, "isk")).toThrow("ISK");
});

test("every amount that can be said at all comes back as it was, in every currency", () => {
  for (const currency of Intl.supportedValuesOf("currency"))
    for (let ours = 0n; ours < 100_000_000n; ours = ours * 3n + 7n) {
      const theirs = toStripe(ours, currency);
      if (theirs !== null) expect(fromStripe(theirs, currency)).toBe(ours);
      expect(toStripe(ours * 100n, currency)).not.toBeNull();
    }
});
