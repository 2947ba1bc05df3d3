declare module "../platform/context" {
  interface Services {
    loginsInHand: LoginsInHand;
  }
}

/** So many wait for others of their accounts. With those who wait for their hash they leave places to other mutations (platform/http/gates.ts). */
const MOST_WAITING = 16;
/** Of one account */
const MOST_OF_ONE = 8;

/** Logins whose passwords this process is looking at, by account. */
export function createLoginsInHand() {
  const inHand = new Map<string, Set<Promise<unknown>>>();
  const waiting: string[] = [];

  return {
    /** @returns what `looking` comes to; until then it is in hand */
    async add<Result>(account: string, looking: Promise<Result>): Promise<Result> {
      const all = inHand.get(account) ?? new Set();
      inHand.set(account, all.add(looking));
      try {
        return await looking;
      } finally {
        all.delete(looking);
        if (all.size === 0) inHand.delete(account);
      }
    },
    /** Those that are in hand now. */
    of: (account: string): Promise<unknown>[] => [...(inHand.get(account) ?? [])],
    /** Waits for the end of some of the account's. @returns false at once when there are none, or too many wait already */
    async ended(account: string, some: Promise<unknown>[]): Promise<boolean> {
      const isFull =
        waiting.length >= MOST_WAITING || waiting.filter((one) => one === account).length >= MOST_OF_ONE;
      if (some.length === 0 || isFull) return false;
      waiting.push(account);
      await Promise.allSettled(some);
      waiting.splice(waiting.indexOf(account), 1);
      return true;
    },
  };
}
export type LoginsInHand = ReturnType<typeof createLoginsInHand>;
