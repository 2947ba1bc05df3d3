declare module "../platform/context" {
  interface Services {
    loginsInHand: LoginsInHand;
  }
}

/** So many wait for others of their accounts. With those who wait for their hash they leave places to other mutations (platform/http/gates.ts). */
const MOST_WAITING = 16;

/** Logins whose passwords this process is looking at, by what they are counted as. */
export function createLoginsInHand() {
  const inHand = new Map<string, Set<Promise<unknown>>>();
  let waiting = 0;

  return {
    /** @returns `looking`, until which it is in hand */
    async add<Result>(of: string, looking: Promise<Result>): Promise<Result> {
      const all = inHand.get(of) ?? new Set();
      inHand.set(of, all.add(looking));
      try {
        return await looking;
      } finally {
        all.delete(looking);
        if (all.size === 0) inHand.delete(of);
      }
    },
    /** Those that are in hand now. */
    of: (of: string): Promise<unknown>[] => [...(inHand.get(of) ?? [])],
    /** Waits for the end of some. @returns false at once when there are none, or too many wait already */
    async ended(some: Promise<unknown>[]): Promise<boolean> {
      if (some.length === 0 || waiting >= MOST_WAITING) return false;
      waiting++;
      await Promise.allSettled(some);
      waiting--;
      return true;
    },
  };
}
export type LoginsInHand = ReturnType<typeof createLoginsInHand>;
