import { allocate, divideHalfUp, parseDecimal, toDecimal } from "./money";

test.each([
  [1234n, "EUR", "12.34"],
  [5n, "EUR", "0.05"],
  [500n, "JPY", "500"],
  [1n, "KWD", "0.001"],
  [-1234n, "EUR", "-12.34"],
  [0n, "EUR", "0.00"],
])("%s minor units of %s are %s", (amount, currency, text) => {
  expect(toDecimal({ amount, currency })).toBe(text);
});

test.each([
  ["24.90", "EUR", 2490n],
  ["24.9", "EUR", 2490n],
  ["24.900", "EUR", 2490n],
  ["50", "EUR", 5000n],
  ["500", "JPY", 500n],
  ["1.5", "JPY", null],
  ["12.345", "EUR", null],
  ["12.345", "KWD", 12345n],
  ["1,00", "EUR", null],
  ["-1", "EUR", null],
  ["1e3", "EUR", null],
  ["", "EUR", null],
  ["90071992547409.92", "EUR", null],
  ["90071992547409.91", "EUR", 9007199254740991n],
])("%s in %s is read as %s", (text, currency, amount) => {
  expect(parseDecimal(text, currency)).toBe(amount);
});

test.each([
  [5n, 2n, 3n],
  [-5n, 2n, -3n],
  [4n, 3n, 1n],
  [0n, 7n, 0n],
])("%s / %s rounds half up to %s", (a, b, rounded) => {
  expect(divideHalfUp(a, b)).toBe(rounded);
});

test("allocation loses nothing and gives equal remainders to the earlier part", () => {
  expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
  expect(allocate(10n, [0n, 0n])).toEqual([10n, 0n]);
  expect(allocate(7n, [3n, 1n, 3n])).toEqual([3n, 1n, 3n]);
});
