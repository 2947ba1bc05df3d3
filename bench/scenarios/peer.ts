import { randomUUID } from "node:crypto";
import type { Flow } from "../driver/measure";
import { expectThat, pick, type User } from "../driver/user";

/** What the peer is asked about; read from itself by bench/peer-data.ts. */
export type PeerData = {
  products: number;
  slugs: string[];
  terms: string[];
  variantIds: string[];
  shippingMethodId: string;
  customers: { email: string; password: string; token: string }[];
};

const ORDER = "__typename ... on Order { id state } ... on ErrorResult { errorCode message }";
export const documents = {
  floor: "{ __typename }",
  list: "query($skip: Int!) { products(options: { take: 20, skip: $skip }) { items { id name slug description variants { id sku priceWithTax stockLevel } featuredAsset { preview } } totalItems } }",
  detail: `query($slug: String!) { product(slug: $slug) { id name slug description featuredAsset { preview } optionGroups { id name options { id name } }
    variants { id sku name price priceWithTax stockLevel options { id code name } } facetValues { id name facet { id name } } collections { id name slug } } }`,
  search: `query($term: String!) { search(input: { term: $term, groupByProduct: true, take: 20 }) { items { productId productName slug sku
    priceWithTax { ... on PriceRange { min max } ... on SinglePrice { value } } productAsset { preview } } totalItems
    facetValues { count facetValue { id name } } } }`,
  login: `mutation($email: String!, $password: String!) { login(username: $email, password: $password) { __typename
    ... on CurrentUser { id identifier } ... on ErrorResult { errorCode message } } }`,
  add: `mutation($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) { __typename
    ... on Order { id code totalWithTax lines { id quantity linePriceWithTax productVariant { id name } } } ... on ErrorResult { errorCode message } } }`,
  setCustomer: `mutation($i: CreateCustomerInput!) { setCustomerForOrder(input: $i) { ${ORDER} } }`,
  setAddress: `mutation($i: CreateAddressInput!) { setOrderShippingAddress(input: $i) { ${ORDER} } }`,
  setMethod: `mutation($id: [ID!]!) { setOrderShippingMethod(shippingMethodId: $id) { ${ORDER} } }`,
  arrange: `mutation { transitionOrderToState(state: "ArrangingPayment") { __typename ... on Order { id state }
    ... on OrderStateTransitionError { errorCode message } } }`,
  pay: `mutation($i: PaymentInput!) { addPaymentToOrder(input: $i) { __typename
    ... on Order { id code state totalWithTax payments { id state amount } } ... on ErrorResult { errorCode message } } }`,
  orders:
    "{ activeCustomer { orders(options: { take: 10 }) { items { code total lines { quantity productVariant { name } } } totalItems } } }",
};
const ADDRESS = {
  fullName: "A Buyer",
  streetLine1: "1 Test Street",
  city: "Berlin",
  postalCode: "10115",
  countryCode: "DE",
};
/** An order is left for a new one after so many lines. */
const MOST_LINES = 5;

/** The peer carries a session in a header of its own: without one it begins a new one. */
async function askInSession(user: User, query: string, variables?: object) {
  const answer = await user.send(query, variables);
  const token = /\r\nvendure-auth-token: *(\S+)/i.exec(answer.head)?.[1];
  if (token) user.headers = { authorization: `Bearer ${token}` };
  return JSON.parse(answer.body.toString("utf8")).data;
}

/** The same flows as ours. */
export const peerFlows = (data: PeerData): Record<string, Flow> => ({
  floor: (user) => user.send(documents.floor),
  list: (user) => user.send(documents.list, { skip: Math.floor(Math.random() * (data.products - 20)) }),
  repeated: (user) => user.send(documents.list, { skip: 0 }),
  detail: (user) => user.send(documents.detail, { slug: pick(data.slugs) }),
  search: (user) => user.send(documents.search, { term: pick(data.terms) }),
  login: async (user) => void (await signIn(user, pick(data.customers))),
  async addToCart(user) {
    if ((user.memory.lines ?? MOST_LINES) >= MOST_LINES) {
      user.headers = {};
      user.memory = { lines: 0 };
    }
    const { addItemToOrder } = await askInSession(user, documents.add, { id: pick(data.variantIds) });
    expectThat(addItemToOrder.__typename === "Order", addItemToOrder);
    user.memory.lines += 1;
  },
  async checkout(user) {
    user.headers = {};
    await checkOut(user, data, {
      emailAddress: `g-${randomUUID()}@example.com`,
      firstName: "G",
      lastName: "B",
    });
  },
  async orders(user) {
    user.headers = { authorization: `Bearer ${pick(data.customers).token}` };
    const { activeCustomer } = await user.ask(documents.orders);
    expectThat(activeCustomer.orders.totalItems >= 1, activeCustomer);
  },
});

/** @returns the session's token */
export async function signIn(user: User, { email, password }: { email: string; password: string }) {
  user.headers = {};
  const { login } = await askInSession(user, documents.login, { email, password });
  expectThat(login.__typename === "CurrentUser", login);
  return user.headers.authorization?.slice("Bearer ".length) ?? "";
}

/** A whole checkout; six requests for a guest, who has to say who he is. */
export async function checkOut(user: User, data: PeerData, guest: object | null) {
  const steps: [query: string, variables?: object][] = [
    [documents.add, { id: pick(data.variantIds) }],
    ...(guest ? [[documents.setCustomer, { i: guest }] as [string, object]] : []),
    [documents.setAddress, { i: ADDRESS }],
    [documents.setMethod, { id: [data.shippingMethodId] }],
    [documents.arrange],
    [documents.pay, { i: { method: "dummy-payment", metadata: {} } }],
  ];
  let state = "";
  for (const [query, variables] of steps) {
    const [answer] = Object.values(await askInSession(user, query, variables)) as {
      __typename: string;
      state: string;
    }[];
    expectThat(answer?.__typename === "Order", answer);
    state = answer.state;
  }
  expectThat(state === "PaymentSettled", state);
}
