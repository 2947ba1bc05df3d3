import type { Pool } from "../pool/pool";

export type ReadsInHand = ReturnType<typeof watchReads>;

/**
 * Knows whose reads are at work in one of `places` or in line for one. A caller with more than half as many in hand crowds the others: they
 * go first, and that he waits is no sign that they must.
 */
export function watchReads(pool: Pool, places: number) {
  const counts = new Map<string, number>();
  const holders: string[] = []; // by place, also of those that are left
  const waiting = new Set<{ caller: string; since: number }>(); // in order of arrival
  const isCrowding = (caller: string | undefined) =>
    caller !== undefined && (counts.get(caller) ?? 0) > places / 2;

  return {
    places,
    isCrowding,
    begin(caller: string) {
      counts.set(caller, (counts.get(caller) ?? 0) + 1);
    },
    end(caller: string) {
      const left = (counts.get(caller) ?? 0) - 1;
      if (left > 0) counts.set(caller, left);
      else counts.delete(caller);
    },
    /** He has to wait until `entered` is settled. */
    async wait<Place>(caller: string, entered: Promise<Place>): Promise<Place> {
      const one = { caller, since: performance.now() };
      waiting.add(one);
      return entered.finally(() => waiting.delete(one));
    },
    holds(place: number, caller: string) {
      holders[place] = caller;
    },
    /** Milliseconds for which somebody has been waiting for a place or a connection who crowds nobody, or does not only read. */
    othersWaited(): number {
      const connection = pool.waited((place) => !isCrowding(holders[place]));
      for (const { caller, since } of waiting)
        if (!isCrowding(caller)) return Math.max(connection, performance.now() - since);
      return connection;
    },
  };
}
