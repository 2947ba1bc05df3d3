import { randomUUID } from "node:crypto";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, refreshPriceRanges } from "./support/builders";
import { aFullCart, CHECKOUT, checkOut, type ReadyCart, resultOf } from "./support/checkouts";

let app: TestApp;
let cart: ReadyCart;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
  cart = await aFullCart(app.ask, null, { variantId: (await aProduct(app.db)).variant.id });
});
afterAll(() => app.close());

const send = (input: unknown) => app.ask(null, CHECKOUT, { input }, { "idempotency-key": randomUUID() });

describe("a cart that is none", () => {
  const ids: [string, string][] = [
    ["malformed", "nonsense"],
    ["empty", ""],
    ["another type's", "order_01kq00000000000000000000aa"],
    ["a uuid", randomUUID()],
    ["one with NUL", "cart_\0"],
    ["10 kB long", "x".repeat(10_000)],
    ["an unknown one", "cart_01kq00000000000000000000aa"],
    ["SQL", "cart_' OR '1'='1"],
  ];
  test.each(ids)("%s: CART_NOT_FOUND", async (_name, id) => {
    expect(resultOf(await checkOut(app.ask, { ...cart, id }))).toBe("CART_NOT_FOUND");
  });
});

describe("a total that is none", () => {
  const amounts: [unknown, string][] = [
    [-1, "TOTAL_CHANGED"],
    [0, "TOTAL_CHANGED"],
    [2 ** 53 - 1, "TOTAL_CHANGED"],
    [2 ** 53, "BAD_USER_INPUT"],
    [990.5, "BAD_USER_INPUT"],
    ["990", "BAD_USER_INPUT"],
    [null, "BAD_USER_INPUT"],
  ];
  test.each(amounts)("%p: %s", async (amount, code) => {
    const expectedTotal = { amount, currency: "EUR" } as object;
    expect(resultOf(await checkOut(app.ask, cart, { expectedTotal }))).toBe(code);
  });

  test.each([["eur"], ["EURO"], [""], ["E\0R"], [7]])("in %p: BAD_USER_INPUT", async (currency) => {
    const expectedTotal = { amount: cart.total.amount, currency } as object;
    expect(resultOf(await checkOut(app.ask, cart, { expectedTotal }))).toBe("BAD_USER_INPUT");
  });
});

test("what the schema doesn't know is refused before anything is done", async () => {
  const input = { cartId: cart.id, expectedTotal: cart.total, payment: { token: "sandbox:success" } };
  for (const wrong of [
    { ...input, total: 1 },
    { ...input, payment: { token: { not: "" } } },
    { ...input, payment: { ...input.payment, amount: 1 } },
    { ...input, payment: [] },
    { cartId: cart.id },
    null,
    [],
    "x",
  ]) {
    const {
      status,
      codes: [code],
    } = await send(wrong);
    expect([status, code]).toEqual([400, "BAD_USER_INPUT"]);
  }
  expect(await app.db.order.count()).toBe(0);
});

test("carts that lack something are told what, in the order of their blockers", async () => {
  const { variant } = await aProduct(app.db);
  const create =
    "mutation($input: CreateCartInput!) { createCart(input: $input) { cart { id blockers totals { total { amount currency } } } } }";
  for (const [lines, missing] of [
    [[], "CART_EMPTY"],
    [[{ variantId: variant.id }], "EMAIL_MISSING"],
  ] as const) {
    const made = (await app.ask(null, create, { input: { lines } })).data.createCart.cart;
    expect(made.blockers[0]).toBe(missing);
    expect(resultOf(await checkOut(app.ask, { id: made.id, total: made.totals.total }))).toBe(missing);
  }
});

test("an archived variant: UNAVAILABLE; one whose stock is gone: OUT_OF_STOCK", async () => {
  const [gone, short] = [await aProduct(app.db), await aProduct(app.db, { stock: 1 })];
  const [first, second] = [
    await aFullCart(app.ask, null, { variantId: gone.variant.id }),
    await aFullCart(app.ask, null, { variantId: short.variant.id, quantity: 2 }),
  ];
  await app.db.variant.update({ where: { id: gone.variant.uuid }, data: { archivedAt: new Date() } });
  await refreshPriceRanges(app.db, gone.uuid);
  expect(resultOf(await checkOut(app.ask, first))).toBe("UNAVAILABLE");
  expect(resultOf(await checkOut(app.ask, second))).toBe("OUT_OF_STOCK");
});
