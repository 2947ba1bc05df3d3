import type { Pool } from "../pool/pool";
import { countInHand } from "./in-hand";

export type ReadsInHand = ReturnType<typeof watchReads>;

/** Knows whose reads are at work in one of `places` or in line for one. That a caller who crowds the others waits is no sign that they must. */
export function watchReads(pool: Pool, places: number) {
  const inHand = countInHand(places);
  const holders: string[] = []; // by place, also of those that are left
  const waiting = new Set<{ caller: string; since: number }>(); // in order of arrival
  const isOfCrowd = (caller: string | undefined) => caller !== undefined && inHand.isCrowding(caller);

  return {
    ...inHand,
    places,
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
      const connection = pool.waited((place) => !isOfCrowd(holders[place]));
      for (const { caller, since } of waiting)
        if (!isOfCrowd(caller)) return Math.max(connection, performance.now() - since);
      return connection;
    },
  };
}
