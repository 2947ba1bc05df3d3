import { setTimeout as wait } from "node:timers/promises";
import type { Flow } from "../driver/measure";
import { pick, ServerError, type User } from "../driver/user";
import { documents } from "../scenarios/documents";
import { FILTERED, ourFlows, type ShopData } from "../scenarios/ours";

/** What a shop is asked for all day, and how much of it. */
const SHARES = { search: 0.6, read: 0.25, cart: 0.1, checkout: 0.05 };
/** Besides: signing in, callers who go before the answer comes, and documents that are none. */
export const KINDS = ["search", "read", "cart", "checkout", "login", "hangUp", "mistake"] as const;
export type Kind = (typeof KINDS)[number];
/** Flows a second, of each kind */
export type Rates = Partial<Record<Kind, number>>;

/** The mix at so many flows a second in all. */
export const mixOf = (rate: number): Rates =>
  Object.fromEntries(Object.entries(SHARES).map(([kind, share]) => [kind, share * rate]));

/** Long enough for the search to have begun. */
const HANG_UP_MS = 3;

/** The flows by kind; where a kind has several, one is drawn each time. */
export function trafficOf(data: ShopData): Record<Kind, Flow> {
  const flows = ourFlows(data);
  const oneOf = (names: string[]) => (user: User) => flows[pick(names)]?.(user) ?? Promise.reject(names);
  return {
    search: (user) => (Math.random() < 0.5 ? oneOf(["search"]) : oneOf(FILTERED))(user),
    read: oneOf(["list", "detail"]),
    cart: oneOf(["addToCart"]),
    checkout: oneOf(["checkout"]),
    login: oneOf(["login"]),
    async hangUp(user) {
      user.send(documents.search, { query: pick(data.terms) }).catch(() => undefined);
      await wait(HANG_UP_MS);
      user.close();
    },
    async mistake(user) {
      try {
        await user.send("{ products { nothing } }");
      } catch (error) {
        if (error instanceof ServerError && error.answer.body.includes("GRAPHQL_VALIDATION_FAILED")) return;
        throw error;
      }
      throw new Error("A mistake was answered");
    },
  };
}

/** Whether it is a no of a server that has too much to do, to be tried again. */
export const isTurnedAway = (error: unknown): boolean =>
  error instanceof ServerError && [429, 503].includes(error.answer.status);
