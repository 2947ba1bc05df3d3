export type AmountCount = { amount: number; count: number };
export type PriceRange = { least: number; most: number; count: number };

/**
 * Up to five ranges of minor units, both ends included, that hold about as many products each and begin at amounts of two digits and zeros
 * (2500, 13000), the first at the lowest price. A product counts for each range that its prices touch, so a range's ends can be
 * given back as minPrice and maxPrice and then find as many products as it counts.
 * @param lows how many products cost at least so much, by amount; of round ranges, by their first amount
 * @param highs how many cost at most so much; of round ranges, by their last amount
 */
export function priceRanges(lows: AmountCount[], highs: AmountCount[]): PriceRange[] {
  const rising = lows.toSorted((a, b) => a.amount - b.amount);
  const [first] = rising;
  if (!first) return [];
  const total = sum(lows);
  const fifths = [0.2, 0.4, 0.6, 0.8].map((share) => twoDigits(amountAt(rising, Math.ceil(share * total))));
  const starts = [...new Set([first.amount, ...fifths.filter((amount) => amount > first.amount)])];
  const last = Math.max(...highs.map(({ amount }) => amount));
  return starts
    .map((least, index) => {
      const most = (starts[index + 1] ?? last + 1) - 1;
      const below = sum(highs.filter(({ amount }) => amount < least));
      return { least, most, count: total - below - sum(lows.filter(({ amount }) => amount > most)) };
    })
    .filter(({ count }) => count > 0);
}

const sum = (counts: AmountCount[]) => counts.reduce((all, { count }) => all + count, 0);

/** The amount of the product at that place (from 1) when they stand in the order of their amounts. */
function amountAt(rising: AmountCount[], place: number): number {
  let before = 0;
  for (const { amount, count } of rising) {
    before += count;
    if (before >= place) return amount;
  }
  return 0;
}

function twoDigits(amount: number): number {
  const unit = 10 ** Math.max(String(amount).length - 2, 0);
  return Math.floor(amount / unit) * unit;
}
