import { randomUUID } from "node:crypto";
import type { Flow } from "../driver/measure";
import { expectThat, pick, type User } from "../driver/user";
import { documents } from "./documents";

/** What is asked about: taken from the database before a measurement. */
export type ShopData = {
  /** Of list pages all over the catalogue, each with 20 products after it */
  cursors: string[];
  handles: string[];
  /** Words of product names */
  terms: string[];
  /** Two words of one product's name */
  phrases: string[];
  collectionIds: string[];
  variantIds: string[];
  customers: { email: string; token: string }[];
  password: string;
};

const ADDRESS = {
  name: "A Buyer",
  line1: "1 Test Street",
  city: "Berlin",
  postalCode: "10115",
  country: "DE",
};
/** A cart is left for a new one after so many lines, as the peer's is. */
const MOST_LINES = 5;

/** The flows that are measured, by name. */
export const ourFlows = (data: ShopData): Record<string, Flow> => ({
  floor: (user) => user.send(documents.floor),
  list: (user) => user.send(documents.list, { after: pick(data.cursors) }),
  repeated: (user) => user.send(documents.list, { after: data.cursors[0] }),
  detail: (user) => user.send(documents.detail, { handle: pick(data.handles) }),
  search: (user) => user.send(documents.search, { query: pick(data.terms) }),
  ...filteredSearches(data),
  async login(user) {
    const { email } = pick(data.customers);
    const { login } = await user.ask(documents.login, { input: { email, password: data.password } });
    expectThat(login.tokens !== null, login);
  },
  async addToCart(user) {
    const line = { variantId: pick(data.variantIds), quantity: 1 };
    const { cartId, lines = 0 } = user.memory;
    const isNew = !cartId || lines >= MOST_LINES;
    const answer = isNew
      ? await user.ask(documents.createCart, { input: { lines: [line] } })
      : await user.ask(documents.addCartLines, { input: { cartId, lines: [line] } });
    const { cart, userErrors } = answer.createCart ?? answer.addCartLines;
    expectThat(cart !== null, userErrors);
    user.memory = { cartId: cart.id, lines: isNew ? 1 : lines + 1 };
  },
  checkout: (user) => checkOut(user, pick(data.variantIds)),
  async orders(user) {
    user.headers = { authorization: `Bearer ${pick(data.customers).token}` };
    const { me } = await user.ask(documents.orders);
    expectThat(me.orders.totalCount >= 1, me);
  },
});

/** Values that bench/catalog gives to products. */
const filters: Record<string, (data: ShopData) => object> = {
  phrase: () => ({}),
  vendor: () => ({ vendor: [`Vendor ${below(10)}`] }),
  type: () => ({ productType: [`Type ${below(10)}`] }),
  tag: () => ({ tag: [`tag${below(80)}`] }),
  price: () => ({ minPrice: 2_000, maxPrice: 4_000 + below(4_000) }),
  option: () => ({ options: [{ name: "Size", values: ["Large"] }] }),
  available: () => ({ available: true }),
  collection: ({ collectionIds }) => ({ collection: pick(collectionIds) }),
};
const below = (count: number) => Math.floor(Math.random() * count);
/** Searches with each filter, as often for one word as for two; `search.phrase` has none, and always two. */
export const FILTERED = Object.keys(filters).map((name) => `search.${name}`);

const filteredSearches = (data: ShopData): Record<string, Flow> =>
  Object.fromEntries(
    Object.entries(filters).map(([name, filterOf]) => [
      `search.${name}`,
      (user: User) => {
        const words = name === "phrase" || Math.random() < 0.5 ? data.phrases : data.terms;
        return user.send(documents.search, { query: pick(words), filter: filterOf(data) });
      },
    ]),
  );

/** A whole guest checkout in six requests: goods, e-mail, address, delivery, a look at the total, payment. */
export async function checkOut(user: User, variantId: string, email = `g-${randomUUID()}@example.com`) {
  const { createCart } = await user.ask(documents.createCart, {
    input: { lines: [{ variantId, quantity: 1 }] },
  });
  expectThat(createCart.cart !== null, createCart);
  const cartId: string = createCart.cart.id;
  for (const change of [{ email }, { shippingAddress: ADDRESS }, { deliveryHandle: "standard" }]) {
    const { updateCart } = await user.ask(documents.updateCart, { input: { cartId, ...change } });
    expectThat(updateCart.cart !== null, updateCart);
  }
  const { cart } = await user.ask(documents.cart, { id: cartId });
  expectThat(cart.blockers.length === 0, cart);
  const input = { cartId, expectedTotal: cart.totals.total, payment: { token: "sandbox:success" } };
  const headers = { "idempotency-key": randomUUID() };
  const { checkout } = await user.ask(documents.checkout, { input }, headers);
  expectThat(checkout.order?.paymentStatus === "PAID", checkout);
}
