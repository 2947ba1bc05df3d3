import type { Flow } from "../driver/measure";
import { expectThat, pick } from "../driver/user";
import { documents } from "./documents";

/** The same objects as ShopData's, as the raw server is asked for them: uuids instead of our ids and cursors. */
export type RawData = {
  pages: { title: string; id: string }[];
  handles: string[];
  terms: string[];
  variants: string[];
  accounts: string[];
};

/** The operations that the raw server (bench/raw) answers: the query's place is taken by the operation's name. */
export const rawFlows = (data: RawData): Record<string, Flow> => ({
  floor: (user) => user.send(documents.floor),
  list: (user) => user.send("list", pick(data.pages)),
  detail: (user) => user.send("detail", { handle: pick(data.handles) }),
  search: (user) => user.send("search", { query: pick(data.terms) }),
  async addToCart(user) {
    const { lines = 0, cart } = user.memory.cart ? user.memory : { cart: null };
    const known = lines < 5 ? cart : null;
    const { cart: after } = await user.ask("addToCart", { cart: known, variant: pick(data.variants) });
    expectThat(after.lines.length > 0, after);
    user.memory = { cart: after.id, lines: known ? lines + 1 : 1 };
  },
  async orders(user) {
    const { orders } = await user.ask("orders", { account: pick(data.accounts) });
    expectThat(orders.totalCount >= 1, orders);
  },
});
