import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { countStatements } from "./support/count-statements";
import { ordersOf } from "./support/orders";
import { aPerson, type Person } from "./support/person";

let app: TestApp;
let staff: Person;
let anOrder: ReturnType<typeof ordersOf>;
beforeAll(async () => {
  app = await startTestApp({ CURRENCIES: "EUR,USD" });
  await aZone(app.db);
  const tea = await aProduct(app.db, { stock: 1_000 });
  anOrder = ordersOf(app, tea.variant.id);
  staff = await aPerson(app, "STAFF");
});
afterAll(() => app.close());

const FIELDS = `id __typename orderId orderNumber createdAt operation { id kind status amount { amount currency } }
  entries { account amount { amount currency decimal } }`;
const LIST = `query($first: Int, $after: String, $orderId: ID, $account: LedgerAccountType, $currency: CurrencyCode) {
  ledgerTransactions(first: $first, after: $after, orderId: $orderId, account: $account, currency: $currency) {
    edges { cursor node { id } } nodes { ${FIELDS} } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }`;
const BALANCE = `query($currency: CurrencyCode, $at: DateTime) { trialBalance(currency: $currency, at: $at) {
  currency at debit { amount } credit { amount }
  accounts { account debit { amount } credit { amount } balance { amount currency } } } }`;

type Transaction = {
  id: string;
  orderId: string;
  orderNumber: string;
  createdAt: string;
  operation: { id: string; kind: string; amount: { amount: number } };
  entries: { account: string; amount: { amount: number; decimal: string } }[];
};
async function list(variables: object) {
  const { data, errors } = await app.ask(staff.token, LIST, variables);
  expect(errors).toEqual([]);
  return data.ledgerTransactions as {
    nodes: Transaction[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
    totalCount: number;
  };
}
type Sums = Record<"debit" | "credit" | "balance", { amount: number }>;
/** A currency's trial balance, its accounts' debit, credit and balance by name; null when it was never booked. */
async function balanceOf(currency: string, at?: string) {
  const { data, errors } = await app.ask(staff.token, BALANCE, { currency, at });
  expect(errors).toEqual([]);
  const [found] = data.trialBalance as (Omit<Sums, "balance"> & {
    at: string;
    accounts: (Sums & { account: string })[];
  })[];
  if (!found) return null;
  const lines = found.accounts.map(({ account, debit, credit, balance }) => [
    account,
    [debit.amount, credit.amount, balance.amount],
  ]);
  return { ...found, accounts: Object.fromEntries(lines) as Record<string, number[]> };
}

test("an order's transactions tell what was booked for it, newest first, each summing to 0", async () => {
  const order = await anOrder(null);
  const { nodes, totalCount } = await list({ orderId: order.id });
  expect(totalCount).toBe(2);
  expect(nodes).toMatchObject([
    {
      orderId: order.id,
      orderNumber: order.number,
      operation: { kind: "CAPTURE", amount: { amount: 1490 } },
    },
    {
      orderId: order.id,
      orderNumber: order.number,
      operation: { kind: "AUTHORIZE", amount: { amount: 1490 } },
    },
  ]);
  const booked = nodes.map(({ entries }) =>
    Object.fromEntries(entries.map((one) => [one.account, one.amount.amount])),
  );
  expect(booked).toEqual([
    {
      ...{ AUTHORIZED: -1490, AUTHORIZED_CONTRA: 1490, PROVIDER_CLEARING: 1490 },
      ...{ SALES: -840, SHIPPING_INCOME: -412, TAX_PAYABLE: -238 },
    },
    { AUTHORIZED: 1490, AUTHORIZED_CONTRA: -1490 },
  ]);
  expect(nodes[0]?.entries.map(({ account }) => account)).toEqual([
    ...["AUTHORIZED", "AUTHORIZED_CONTRA", "PROVIDER_CLEARING", "SALES", "SHIPPING_INCOME", "TAX_PAYABLE"],
  ]);
  expect(nodes[0]?.entries.at(-1)?.amount.decimal).toBe("-2.38");
  const found = await app.ask(
    staff.token,
    `query($id: ID!) { node(id: $id) { ... on LedgerTransaction { ${FIELDS} } } }`,
    {
      id: nodes[0]?.id,
    },
  );
  expect(found.data.node).toEqual(nodes[0]);
});

test("page by page, each transaction comes once; account, currency and order narrow the list", async () => {
  for (const _ of [1, 2, 3]) await anOrder(null);
  const all = await list({ first: 100 });
  expect(all.totalCount).toBe(all.nodes.length);
  const walk = async (filter: object) => {
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, pageInfo } = await list({ ...filter, first: 3, after });
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...nodes.map(({ id }) => id));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    return seen;
  };
  expect(await walk({})).toEqual(all.nodes.map(({ id }) => id));
  const captures = all.nodes.filter(({ operation }) => operation.kind === "CAPTURE").map(({ id }) => id);
  expect(captures.length).toBeGreaterThan(3);
  expect(await walk({ account: "SALES" })).toEqual(captures);
  expect(await walk({ account: "SALES", currency: "EUR" })).toEqual(captures);
  expect(await walk({ currency: "EUR" })).toEqual(all.nodes.map(({ id }) => id));
  expect(await walk({ currency: "USD" })).toEqual([]);
  expect((await list({ account: "SALES" })).totalCount).toBe(captures.length);
  expect((await list({ currency: "EUR" })).totalCount).toBe(all.totalCount);
  const [{ orderId }] = all.nodes as [Transaction];
  expect((await list({ orderId, account: "SALES" })).nodes).toHaveLength(1);
  expect((await list({ orderId, account: "CUSTOMER_CREDIT" })).nodes).toEqual([]);
  expect((await list({ orderId, currency: "USD" })).totalCount).toBe(0);
});

test("what is not an order's id or a cursor of this list is BAD_USER_INPUT", async () => {
  const cursor = Buffer.from(JSON.stringify(["x"])).toString("base64url");
  for (const variables of [
    { orderId: "x" },
    { orderId: "" },
    { orderId: staff.accountId },
    { after: cursor },
    { first: 0 },
    { first: 101 },
  ])
    expect((await app.ask(staff.token, LIST, variables)).codes).toEqual(["BAD_USER_INPUT"]);
});

test("the trial balance adds up: debits equal credits, and every account says what lies on it", async () => {
  const before = await balanceOf("EUR");
  await anOrder(null);
  const after = await balanceOf("EUR");
  expect(after?.debit).toEqual(after?.credit);
  const grown = (account: string) =>
    after!.accounts[account]!.map((amount, index) => amount - before!.accounts[account]![index]!);
  expect(grown("AUTHORIZED")).toEqual([1490, 1490, 0]);
  expect(grown("AUTHORIZED_CONTRA")).toEqual([1490, 1490, 0]);
  expect(grown("PROVIDER_CLEARING")).toEqual([1490, 0, 1490]);
  expect(grown("SALES")).toEqual([0, 840, -840]);
  expect(grown("SHIPPING_INCOME")).toEqual([0, 412, -412]);
  expect(grown("TAX_PAYABLE")).toEqual([0, 238, -238]);
  expect(grown("CUSTOMER_CREDIT")).toEqual([0, 0, 0]);
  expect(Object.keys(after!.accounts)).toHaveLength(7);
  expect(Object.values(after!.accounts).reduce((sum, [, , balance]) => sum + (balance ?? 0), 0)).toBe(0);
  const debits = Object.values(after!.accounts).reduce((sum, [debit]) => sum + (debit ?? 0), 0);
  expect(after?.debit.amount).toBe(debits);
});

test("as of a moment, what was booked later is not in it", async () => {
  const order = await anOrder(null);
  const [capture] = (await list({ orderId: order.id })).nodes;
  const then = await balanceOf("EUR", capture?.createdAt);
  await anOrder(null);
  expect(await balanceOf("EUR", capture?.createdAt)).toEqual(then);
  expect(then?.at).toBe(capture?.createdAt);
  const now = await balanceOf("EUR");
  expect(now!.debit.amount - then!.debit.amount).toBe(1490 * 3);
  const justBefore = new Date(Date.parse(capture!.createdAt) - 1).toISOString();
  const earlier = await balanceOf("EUR", justBefore);
  expect(then!.accounts.SALES![1]! - earlier!.accounts.SALES![1]!).toBe(840);
  const long = await balanceOf("EUR", "2001-01-01T00:00:00Z");
  expect([long?.debit.amount, long?.credit.amount]).toEqual([0, 0]);
  expect(await balanceOf("USD")).toBeNull();
});

test("a moment that no database has is refused, not a fault", async () => {
  const document = "query($at: DateTime) { trialBalance(at: $at) { currency } }";
  for (const at of ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    expect((await app.ask(staff.token, document, { at })).codes).toEqual(["BAD_USER_INPUT"]);
  for (const at of ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
    expect((await app.ask(staff.token, document, { at })).codes).toEqual([]);
});

test("a page costs one statement however long it is; so does a trial balance", async () => {
  const cost = (document: string) =>
    countStatements(async () => expect((await app.ask(staff.token, document)).errors).toEqual([]));
  const nobody = await cost("{ __typename }"); // who asks is looked up
  await list({ first: 1 });
  for (const first of [1, 8])
    expect(await cost(`{ ledgerTransactions(first: ${first}) { nodes { ${FIELDS} } } }`)).toBe(nobody + 1);
  expect(await cost(`{ ledgerTransactions(account: SALES) { nodes { ${FIELDS} } totalCount } }`)).toBe(
    nobody + 2,
  );
  expect(await cost("{ trialBalance { currency accounts { account balance { amount } } } }")).toBe(
    nobody + 1,
  );
});
