import type { PricedAdjustment } from "./priced-cart";
import { taxOn } from "./tax";
import { computeTotals, sum, type Taxable, type TaxRule } from "./totals";

const rule = (rate: number, included: boolean): TaxRule => ({ handle: "de", label: "VAT", rate, included });
const lines = (...totals: bigint[]) => totals.map((total, index) => ({ uuid: `line-${index}`, total }));
const standard = (amount: bigint) => ({ handle: "standard", title: "Standard", amount });

test.each([
  [11900n, 190_000, true, 1900n],
  [10000n, 190_000, false, 1900n],
  [999n, 190_000, true, 160n], // 159.50…: half up
  [50n, 10_000, false, 1n], // 0.5 exactly: up
  [49n, 10_000, false, 0n],
  [1n, 190_000, true, 0n],
  [0n, 190_000, true, 0n],
  [12345n, 0, false, 0n],
  [5000n, 1_000_000, true, 2500n],
])("tax on %s at %s ppm, included %s: %s", (amount, rate, included, tax) => {
  expect(taxOn(amount, rate, included)).toBe(tax);
});

test("tax that is included is shown, tax that is not is added; delivery bears it too", () => {
  const cart: Taxable = { lines: lines(1000n, 2000n), delivery: standard(490n), tax: rule(190_000, true) };
  const shown = { subtotal: 3000n, discount: 0n, shipping: 490n };
  expect(computeTotals(cart).totals).toEqual({ ...shown, tax: 557n, taxIncluded: true, total: 3490n });
  const added = computeTotals({ ...cart, tax: rule(72_500, false) }).totals;
  expect(added).toEqual({ ...shown, tax: 253n, taxIncluded: false, total: 3743n });
});

test("three thirds of a cent do not get lost: parts go to the largest remainders, the earlier of equals", () => {
  const { totals, adjustments } = computeTotals({
    lines: lines(10n, 10n, 10n),
    delivery: null,
    tax: rule(50_000, false),
  });
  expect(totals.tax).toBe(2n); // 1.5, half up
  expect(adjustments.map(({ amount, lineUuid }) => [lineUuid, amount])).toEqual([
    ["line-0", 1n],
    ["line-1", 1n],
    ["line-2", 0n],
  ]);
});

test("an empty cart, and one outside every zone", () => {
  const zero = { subtotal: 0n, discount: 0n, shipping: 0n, tax: 0n, taxIncluded: true, total: 0n };
  expect(computeTotals({ lines: [], delivery: null, tax: null })).toEqual({ totals: zero, adjustments: [] });
  expect(computeTotals({ lines: [], delivery: null, tax: rule(190_000, true) }).totals).toEqual(zero);
});

test("100,000 random carts add up to the last unit", () => {
  const random = mulberry32(20_261_121);
  const below = (limit: number) => Math.floor(random() * limit);
  const amount = () => BigInt(below(10 ** (1 + below(10))));
  for (let round = 0; round < 100_000; round++) {
    const cart: Taxable = {
      lines: lines(...Array.from({ length: below(8) }, amount)),
      delivery: below(4) === 0 ? null : standard(below(3) === 0 ? 0n : amount()),
      tax: below(10) === 0 ? null : rule(below(2) === 0 ? below(1_000_001) : below(300_000), below(2) === 0),
    };
    const broken = faultOf(cart);
    if (broken)
      throw new Error(`${broken}: ${JSON.stringify(cart, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`);
  }
});

/** What does not hold for this cart, or null. */
function faultOf(cart: Taxable): string | null {
  const { totals, adjustments } = computeTotals(cart);
  const of = (kind: PricedAdjustment["kind"]) =>
    sum(adjustments.filter((each) => each.kind === kind).map(({ amount }) => amount));
  const { subtotal, discount, shipping, tax, taxIncluded, total } = totals;
  const exact = [
    subtotal === sum(cart.lines.map((line) => line.total)),
    of("SHIPPING") === shipping && of("TAX") === tax && of("DISCOUNT") === discount,
    total === subtotal - discount + shipping + (taxIncluded ? 0n : tax),
    adjustments.every((each) => each.kind !== "TAX" || isNear(each, 3n)),
    [subtotal, shipping, tax, total].every((amount) => amount >= 0n),
    isNear({ amount: tax, base: subtotal + shipping, rate: cart.tax?.rate ?? 0, included: taxIncluded }, 1n),
  ];
  const fault = exact.indexOf(false);
  return fault === -1 ? null : `rule ${fault}`;
}

type TaxPart = Pick<PricedAdjustment, "amount" | "base" | "rate" | "included">;

/** Within so many halves of a unit of the exact tax, compared in whole numbers: the whole is rounded once, a part once more. */
function isNear({ amount, base, rate, included }: TaxPart, halves: bigint) {
  const parts = BigInt(rate ?? 0);
  const whole = included ? 1_000_000n + parts : 1_000_000n;
  const off = amount * whole - (base ?? 0n) * parts;
  return 2n * (off < 0n ? -off : off) <= halves * whole;
}

/** A small repeatable generator (Tommy Ettinger's mulberry32): a failure can be run again. */
function mulberry32(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
