import { randomUUID } from "node:crypto";
import { ordersMails } from "../src/orders/orders.mails";
import { readId, toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, unique } from "./support/builders";
import { ordersOf } from "./support/orders";
import { aPerson, type Person } from "./support/person";

let app: TestApp;
let ann: Person;
let bob: Person;
let staff: Person;
let tea: Awaited<ReturnType<typeof aProduct>>;
let anOrder: ReturnType<typeof ordersOf>;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
  tea = await aProduct(app.db, { sku: `TEA-${unique()}`, stock: 1_000 });
  anOrder = ordersOf(app, tea.variant.id);
  ann = await aPerson(app);
  bob = await aPerson(app);
  staff = await aPerson(app, "STAFF");
});
afterAll(async () => {
  await app.close();
});

const FIELDS = [
  ..."id number status paymentStatus email placedAt".split(" "),
  "account { email }",
  "lines { id title sku variant { id } quantity unitPrice { decimal } total { amount currency } }",
  "shippingAddress { name line1 line2 city region postalCode country phone }",
  "billingAddress { name }",
  "delivery { handle title price { amount } }",
  "totals { subtotal { amount } discount { amount } shipping { amount } tax { amount } taxIncluded total { decimal } }",
  `payments { id provider method { brand last4 expiryMonth expiryYear } authorized { amount } captured { amount } refunded { amount }
    voided { amount } operations { id kind status amount { amount } reason createdAt } createdAt }`,
  "events { type at message }",
];
const ORDER = FIELDS.join(" ");
const READ = `query($id: ID!) { order(id: $id) { ${ORDER} } }`;
const read = (token: string | null, id: string) => app.ask(token, READ, { id });
const GUEST = `query($token: String!) { guestOrder(token: $token) { id email payments { id operations { id } } account { id } } }`;

test("an order shows what was bought, for whom, and how it was paid", async () => {
  const placed = await anOrder(ann);
  const { data, errors } = await read(ann.token, placed.id);
  expect(errors).toEqual([]);
  const money = (amount: number) => ({ amount });
  expect(data.order).toMatchObject({
    ...{ id: placed.id, number: placed.number, status: "OPEN", paymentStatus: "PAID" },
    account: { email: ann.email },
    email: expect.stringContaining("@example.test"),
    lines: [
      {
        ...{ title: "Tea", sku: tea.variant.sku, variant: { id: tea.variant.id }, quantity: 2 },
        ...{ unitPrice: { decimal: "5.00" }, total: { amount: 1000, currency: "EUR" } },
      },
    ],
    shippingAddress: {
      name: "Ann Example",
      line1: "Teestraße 1",
      line2: null,
      city: "Hamburg",
      country: "DE",
    },
    billingAddress: null,
    delivery: { handle: "standard", title: "standard", price: money(490) },
    totals: {
      subtotal: money(1000),
      discount: money(0),
      shipping: money(490),
      tax: money(238),
      taxIncluded: true,
      total: { decimal: "14.90" },
    },
    payments: [
      {
        ...{
          id: placed.paymentId,
          provider: "sandbox",
          method: { brand: "visa", last4: "4242", expiryMonth: 12, expiryYear: 2034 },
        },
        ...{ authorized: money(1490), captured: money(1490), refunded: money(0), voided: money(0) },
        operations: [
          { kind: "AUTHORIZE", status: "SUCCEEDED", amount: money(1490), reason: null },
          { kind: "CAPTURE", status: "SUCCEEDED", amount: money(1490), reason: null },
        ],
      },
    ],
    events: [{ type: "order.placed" }, { type: "order.opened" }],
  });
  expect(data.order.placedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("an order is the same alone and in a list, which reads no more of it than is asked for", async () => {
  for (const placed of [await anOrder(ann), await anOrder(null, { token: "sandbox:insufficient_funds" })]) {
    const alone = (await read(staff.token, placed.id)).data.order;
    for (const field of [...FIELDS, ORDER]) {
      const list = `query($query: String) { orders(query: $query) { nodes { ${field} } } }`;
      const { data, errors } = await app.ask(staff.token, list, { query: placed.number });
      expect(errors).toEqual([]);
      const [listed] = data.orders.nodes;
      expect(listed).toEqual(Object.fromEntries(Object.keys(listed).map((name) => [name, alone[name]])));
    }
  }
});

test("a declined order says so, and why", async () => {
  const placed = await anOrder(ann, { token: "sandbox:insufficient_funds" });
  const { data } = await read(ann.token, placed.id);
  expect(data.order).toMatchObject({
    ...{
      status: "PENDING",
      paymentStatus: "FAILED",
      events: [{ type: "order.placed" }, { type: "order.declined" }],
    },
    payments: [{ captured: { amount: 0 }, operations: [{ status: "FAILED", reason: "insufficient_funds" }] }],
  });
});

test("missing, someone else's and a guest's order look the same; staff see all", async () => {
  const [hers, guests] = [await anOrder(ann), await anOrder(null)];
  const missing = await read(bob.token, toId("order", randomUUID()));
  expect(missing.codes).toEqual(["NOT_FOUND"]);
  for (const [token, id] of [
    [bob.token, hers.id],
    [null, hers.id],
    [null, guests.id],
    [bob.token, guests.id],
  ] as const) {
    const { data, errors } = await read(token, id);
    expect([data, errors[0]?.message, errors[0]?.path]).toEqual([
      missing.data,
      missing.errors[0]?.message,
      missing.errors[0]?.path,
    ]);
    expect(errors[0]?.extensions.code).toBe("NOT_FOUND");
  }
  for (const { id } of [hers, guests]) expect((await read(staff.token, id)).data.order.id).toBe(id);
  expect((await read(staff.token, guests.id)).data.order.account).toBeNull();
});

test.each([
  "order_",
  "x",
  "",
  "acct_01h45ytscbebyvny4gc8cr8ma2",
  "order_01h45ytscbebyvny4gc8cr8ma2\u0000",
  "x".repeat(10_000),
])("an id that is none (%#) is BAD_USER_INPUT", async (id) =>
  expect((await read(ann.token, id)).codes).toEqual(["BAD_USER_INPUT"]),
);

describe("guestOrder", () => {
  const guest = (token: string, signedIn: string | null = null) => app.ask(signedIn, GUEST, { token });

  test("the token opens the order, with its payments, whoever holds it; not the account behind it", async () => {
    const [guests, hers] = [await anOrder(null), await anOrder(ann)];
    const { data, errors } = await guest(guests.orderToken);
    expect(errors).toEqual([]);
    expect(data.guestOrder).toMatchObject({
      id: guests.id,
      payments: [{ id: guests.paymentId, operations: [{}, {}] }],
    });
    expect((await guest(hers.orderToken, bob.token)).data.guestOrder).toMatchObject({
      id: hers.id,
      account: null,
    });
  });

  test("anything else opens nothing", async () => {
    const { orderToken, id } = await anOrder(null);
    const forged = Buffer.from(orderToken, "base64url");
    forged[47] = (forged[47] ?? 0) ^ 1;
    const otherPurpose = app.platform.vault.signedToken("cart", readId("order", id) ?? "");
    const nobodys = app.platform.vault.signedToken("order", randomUUID());
    const wrong = [
      "",
      " ",
      "null",
      "undefined",
      "\u0000",
      orderToken.slice(0, 40),
      `${orderToken}A`,
      "x".repeat(10_000),
    ];
    for (const token of [...wrong, id, forged.toString("base64url"), otherPurpose, nobodys])
      expect((await guest(token)).codes).toEqual(["NOT_FOUND"]);
  });

  test("a key opens one order, not another in the same document", async () => {
    const [mine, theirs] = [await anOrder(null), await anOrder(null)];
    const both = `query($token: String!, $id: ID!) { guestOrder(token: $token) { id } order(id: $id) { id } }`;
    const { data, errors } = await app.ask(null, both, { token: mine.orderToken, id: theirs.id });
    expect(data).toEqual({ guestOrder: { id: mine.id }, order: null });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[["order"], "NOT_FOUND"]]);
  });
});

test("node finds orders, payments, operations and saved methods for their owner alone", async () => {
  const placed = await anOrder(ann, { token: "sandbox:success", save: true });
  const methods = await app.ask(
    ann.token,
    "{ me { paymentMethods { id provider isDefault summary { last4 } } } }",
  );
  const [method] = methods.data.me.paymentMethods;
  expect(method).toMatchObject({ provider: "sandbox", isDefault: true, summary: { last4: "4242" } });
  const [operation] = (await read(ann.token, placed.id)).data.order.payments[0].operations;
  const ids = [placed.id, placed.paymentId, operation.id, method.id];
  const nodes = (token: string | null) =>
    app.ask(token, "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", { ids });
  expect((await nodes(ann.token)).data.nodes.map((node: { id: string }) => node.id)).toEqual(ids);
  for (const token of [null, bob.token])
    expect(await nodes(token)).toMatchObject({ data: { nodes: [null, null, null, null] }, errors: [] });
  expect((await nodes(staff.token)).data.nodes).toMatchObject([{}, {}, {}, null]);
});

test("a saved method is kept once, however often it is used", async () => {
  const carol = await aPerson(app);
  for (const _ of [1, 2]) await anOrder(carol, { token: "sandbox:success", save: true });
  const { data } = await app.ask(carol.token, "{ me { paymentMethods { id } } }");
  expect(data.me.paymentMethods).toHaveLength(1);
  await anOrder(carol, { paymentMethodId: data.me.paymentMethods[0].id });
  const [{ sealed }] = await app.db.$queryRaw<[{ sealed: boolean }]>`
    SELECT bool_and(position('sandbox:' in encode(token_cipher, 'escape')) = 0) AS sealed FROM payment_methods`;
  expect(sealed).toBe(true);
});

test("once the person is erased, the order stays and the personal fields are null", async () => {
  const placed = await anOrder(null);
  await app.db.$executeRaw`
    UPDATE data_keys SET wrapped = NULL, destroyed_at = now() WHERE id = (
      SELECT data_key_id FROM orders WHERE id = ${readId("order", placed.id)}::uuid)`;
  const { data, errors } = await read(staff.token, placed.id);
  expect(errors).toEqual([]);
  expect(data.order).toMatchObject({
    email: null,
    shippingAddress: null,
    totals: { total: { decimal: "14.90" } },
  });
});

test("the confirmation goes to the buyer and carries the key", async () => {
  const placed = await anOrder(null);
  const mail = await ordersMails["order-confirmation"]?.(app.platform, {
    orderId: readId("order", placed.id) ?? "",
  });
  expect(mail).toMatchObject({ to: placed.email, subject: expect.stringContaining(placed.number) });
  expect(mail?.text).toContain(placed.orderToken);
  expect(mail?.text).toContain("Total: 14.90 EUR");
});
