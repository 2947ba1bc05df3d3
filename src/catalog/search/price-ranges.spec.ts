import { priceRanges } from "./price-ranges";

const each = (...amounts: number[]) => amounts.map((amount) => ({ amount, count: 1 }));

test("ranges begin at two digits and zeros, the first at the lowest price, the last ends at the highest", () => {
  const amounts = each(450, 990, 2490, 5600);
  expect(priceRanges(amounts, amounts)).toEqual([
    { least: 450, most: 989, count: 1 },
    { least: 990, most: 2399, count: 1 },
    { least: 2400, most: 5599, count: 1 },
    { least: 5600, most: 5600, count: 1 },
  ]);
});

test("a product counts for each range that its prices touch", () => {
  expect(priceRanges(each(100, 200, 300), each(350, 200, 300))).toEqual([
    { least: 100, most: 199, count: 1 },
    { least: 200, most: 299, count: 2 },
    { least: 300, most: 350, count: 2 },
  ]);
});

test("one price is one range; no price is none", () => {
  expect(priceRanges([{ amount: 999, count: 7 }], [{ amount: 999, count: 7 }])).toEqual([
    { least: 999, most: 999, count: 7 },
  ]);
  expect(priceRanges([], [])).toEqual([]);
});

test("many products of one price leave fewer ranges, never empty ones", () => {
  const counts = [
    { amount: 1_000, count: 90 },
    { amount: 5_000, count: 10 },
  ];
  expect(priceRanges(counts, counts)).toEqual([{ least: 1_000, most: 5_000, count: 100 }]);
});
