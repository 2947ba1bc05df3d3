/**
 * Chance that a seed decides (mulberry32, public domain, Tommy Ettinger). A generator of our own and no library for properties: those draw
 * their data before the run; here every draw depends on where the world has come to by then.
 */
export function seededRandom(seed: number) {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0; // neighbouring seeds start far apart
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from `from` up to and with `to`. */
    between: (from: number, to: number) => from + Math.floor(next() * (to - from + 1)),
    /** True in so many cases of a hundred. */
    chance: (percent: number) => next() * 100 < percent,
    pick: <One>(...ones: One[]): One => {
      const one = ones[Math.floor(next() * ones.length)];
      if (one === undefined) throw new Error("Nothing to pick from");
      return one;
    },
    shuffled<One>(ones: readonly One[]): One[] {
      const left = [...ones];
      return ones.flatMap(() => left.splice(Math.floor(next() * left.length), 1));
    },
    /** One of the names, as often as its weight says. */
    weighted<Name extends string>(weights: Record<Name, number>): Name {
      const names = Object.keys(weights) as Name[];
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0);
      const found = names.find((name) => {
        left -= weights[name];
        return left < 0;
      });
      if (!found) throw new Error("Nothing to choose from");
      return found;
    },
  };
}
export type Random = ReturnType<typeof seededRandom>;
