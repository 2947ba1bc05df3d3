import { randomUUID } from "node:crypto";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, reprice } from "./support/builders";
import { cartsOf } from "./support/carts";
import { aFullCart, checkOut, type ReadyCart, resultOf, tally } from "./support/checkouts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RETURN_ORIGINS: "https://shop.example" });
  await aZone(app.db);
});
afterAll(() => app.close());

const DECLINE = { token: "sandbox:decline" };
const twenty = <Value>(make: (index: number) => Value) =>
  Array.from({ length: 20 }, (_, index) => make(index));

/** What the sandbox provider's own books say was taken, in all. */
async function charged() {
  const [{ count }] = await app.db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM sandbox.movements WHERE kind = 'AUTHORIZE' AND state = 'SUCCEEDED'`;
  return count;
}

async function aCart(stock = 10): Promise<ReadyCart & { variantUuid: string }> {
  const { variant } = await aProduct(app.db, { stock });
  return { ...(await aFullCart(app.ask, null, { variantId: variant.id })), variantUuid: variant.uuid };
}

describe("the key", () => {
  test("is required, and 8 to 128 printable characters", async () => {
    const cart = await aCart();
    const document = `mutation { checkout(input: { cartId: "${cart.id}", expectedTotal: { amount: 990, currency: "EUR" },
      payment: { token: "sandbox:success" } }) { order { id } } }`;
    const none = await app.ask(null, document);
    expect([none.status, ...none.codes]).toEqual([400, "IDEMPOTENCY_KEY_MISSING"]);
    for (const key of ["short", "x".repeat(129), "with a space"])
      expect((await checkOut(app.ask, cart, { key })).codes).toEqual(["IDEMPOTENCY_KEY_MISSING"]);
    expect(await app.db.order.count({ where: { lines: { some: { variantId: cart.variantUuid } } } })).toBe(0);
  });

  test("20 times at once: one order, one charge, every answer the same or IN_USE; a retry gets the same again", async () => {
    const cart = await aCart();
    const [key, before] = [randomUUID(), await charged()];
    const answers = await Promise.all(twenty(() => checkOut(app.ask, cart, { key })));
    const { IDEMPOTENCY_KEY_IN_USE = 0, OK = 0, ...others } = tally(answers.map(resultOf));
    expect([OK > 0, OK + IDEMPOTENCY_KEY_IN_USE, others]).toEqual([true, 20, {}]);
    const paid = answers.filter((answer) => resultOf(answer) === "OK").map(({ data }) => data);
    for (const data of [...paid, (await checkOut(app.ask, cart, { key })).data])
      expect(data).toEqual(paid[0]);
    expect((await charged()) - before).toBe(1);
  });

  test("20 of them at once for one cart: one order, one charge, the others in progress or ordered already", async () => {
    const cart = await aCart();
    const before = await charged();
    const results = (await Promise.all(twenty(() => checkOut(app.ask, cart)))).map(resultOf);
    const { OK, CHECKOUT_IN_PROGRESS = 0, CART_ALREADY_ORDERED = 0, ...others } = tally(results);
    expect([OK, CHECKOUT_IN_PROGRESS + CART_ALREADY_ORDERED, others]).toEqual([1, 19, {}]);
    expect((await charged()) - before).toBe(1);
    const late = await checkOut(app.ask, cart);
    expect(resultOf(late)).toBe("CART_ALREADY_ORDERED");
  });

  test("is not another input's", async () => {
    const [cart, key] = [await aCart(), randomUUID()];
    expect(resultOf(await checkOut(app.ask, cart, { key, payment: DECLINE }))).toBe("PAYMENT_DECLINED");
    const other = await checkOut(app.ask, cart, { key });
    expect([other.status, ...other.codes]).toEqual([200, "IDEMPOTENCY_KEY_REUSED"]);
    expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  });

  test("a refusal before anything was written doesn't use it up", async () => {
    const [cart, key] = [await aCart(), randomUUID()];
    const wrong = { amount: cart.total.amount - 1, currency: "EUR" };
    expect(resultOf(await checkOut(app.ask, cart, { key, expectedTotal: wrong }))).toBe("TOTAL_CHANGED");
    expect(resultOf(await checkOut(app.ask, cart, { key }))).toBe("OK");
  });
});

describe("a decline", () => {
  test("leaves order and payment to look at, gives the stock back, and the same cart pays later", async () => {
    const [cart, key] = [await aCart(1), randomUUID()];
    const declined = await checkOut(app.ask, cart, { key, payment: { token: "sandbox:insufficient_funds" } });
    const { order, payment, userErrors } = declined.data.checkout;
    expect(userErrors).toMatchObject([{ code: "PAYMENT_DECLINED", path: ["payment"] }]);
    expect(order).toMatchObject({ status: "PENDING", paymentStatus: "FAILED" });
    expect(payment.operations).toEqual([
      { kind: "AUTHORIZE", status: "FAILED", reason: "insufficient_funds" },
    ]);
    const stock = { where: { variantId: cart.variantUuid } };
    expect(await app.db.stock.findFirst(stock)).toMatchObject({ onHand: 1, reserved: 0 });
    expect(
      (await checkOut(app.ask, cart, { key, payment: { token: "sandbox:insufficient_funds" } })).data,
    ).toEqual(declined.data);

    const carts = cartsOf(app);
    const { lines } = await carts.cart("updateCart", { cartId: cart.id, email: "changed@example.test" });
    expect(lines).toHaveLength(1);
    const paid = (await checkOut(app.ask, cart)).data.checkout;
    expect(paid.userErrors).toEqual([]);
    expect(paid.order).toMatchObject({
      ...{
        id: order.id,
        number: order.number,
        status: "OPEN",
        paymentStatus: "PAID",
        email: "changed@example.test",
      },
      events: ["placed", "declined", "placed", "opened"].map((type) => ({ type: `order.${type}` })),
    });
    expect(paid.order.lines).toHaveLength(1);
    expect(paid.order.payments).toHaveLength(2);
    const again = { message: "Order placed again; payment under way" };
    expect(
      await app.db.orderEvent.count({ where: { ...again, order: { number: BigInt(order.number) } } }),
    ).toBe(1);
    expect(await app.db.stock.findFirst(stock)).toMatchObject({ onHand: 1, reserved: 1 });
  });

  test("20 of the same decline at once are one", async () => {
    const [cart, key] = [await aCart(), randomUUID()];
    const answers = await Promise.all(twenty(() => checkOut(app.ask, cart, { key, payment: DECLINE })));
    const { PAYMENT_DECLINED = 0, IDEMPOTENCY_KEY_IN_USE = 0 } = tally(answers.map(resultOf));
    expect(PAYMENT_DECLINED + IDEMPOTENCY_KEY_IN_USE).toBe(20);
    expect(
      await app.db.paymentOperation.count({
        where: { order: { lines: { some: { variantId: cart.variantUuid } } } },
      }),
    ).toBe(1);
  });
});

describe("what is refused", () => {
  test("a price that changed since the buyer looked, and a total in another currency", async () => {
    const cart = await aCart();
    await reprice(app.db, cart.variantUuid, 501n);
    const { data } = await checkOut(app.ask, cart);
    expect(data.checkout.userErrors).toMatchObject([{ code: "TOTAL_CHANGED", path: ["expectedTotal"] }]);
    const usd = { amount: cart.total.amount + 1, currency: "USD" };
    expect(resultOf(await checkOut(app.ask, cart, { expectedTotal: usd }))).toBe("TOTAL_CHANGED");
    const seen = { amount: cart.total.amount + 1, currency: "EUR" };
    expect(resultOf(await checkOut(app.ask, cart, { expectedTotal: seen }))).toBe("OK");
  });

  test.each([
    [{ token: "tok_visa" }, "PAYMENT_METHOD_INVALID"],
    [{ token: "" }, "PAYMENT_METHOD_INVALID"],
    [{ token: "sandbox:success\0" }, "PAYMENT_METHOD_INVALID"],
    [{ token: "x".repeat(20_000) }, "PAYMENT_METHOD_INVALID"],
    [{ token: "toString" }, "PAYMENT_METHOD_INVALID"],
    [{}, "PAYMENT_METHOD_INVALID"],
    [{ token: null }, "PAYMENT_METHOD_INVALID"],
    [{ paymentMethodId: "pm_01kq00000000000000000000aa" }, "PAYMENT_METHOD_INVALID"],
    [{ paymentMethodId: "nonsense\0" }, "PAYMENT_METHOD_INVALID"],
    [{ provider: "stripe", token: "sandbox:success" }, "PROVIDER_UNKNOWN"],
    [{ provider: "\0", token: "sandbox:success" }, "PROVIDER_UNKNOWN"],
    [{ provider: "", token: "sandbox:success" }, "PROVIDER_UNKNOWN"],
    [{ token: "sandbox:success", returnUrl: "https://evil.example/" }, "RETURN_URL_INVALID"],
    [{ token: "sandbox:success", returnUrl: "https://shop.example@evil.example/" }, "RETURN_URL_INVALID"],
    [{ token: "sandbox:success", returnUrl: "https://shop.example.evil.example/" }, "RETURN_URL_INVALID"],
    [{ token: "sandbox:success", returnUrl: "javascript:alert(1)" }, "RETURN_URL_INVALID"],
    [{ token: "sandbox:success", returnUrl: "not a url\0" }, "RETURN_URL_INVALID"],
    [{ token: "sandbox:success", returnUrl: "blob:https://shop.example/x" }, "RETURN_URL_INVALID"],
    [
      { token: "sandbox:success", returnUrl: `https://shop.example/${"é".repeat(500)}` },
      "RETURN_URL_INVALID",
    ],
  ])("payment %j: %s", async (payment, code) => {
    expect(resultOf(await checkOut(app.ask, await aCart(), { payment }))).toBe(code);
  });

  test("a place on the shop's list to come back to is not refused", async () => {
    const payment = { token: "sandbox:success", returnUrl: "https://shop.example/thanks?x=1" };
    expect(resultOf(await checkOut(app.ask, await aCart(), { payment }))).toBe("OK");
  });

  test.each([
    "https://shop.example/\0",
    "https://shop.example/\ud800",
    "https://shop.example\\@evil.example",
  ])("the provider is told %j as browsers read it", async (returnUrl) => {
    const payment = { token: "sandbox:success", returnUrl };
    const { data } = await checkOut(app.ask, await aCart(), { payment });
    expect(data.checkout.order.paymentStatus).toBe("PAID");
    const told = await app.db
      .$queryRaw`SELECT return_url FROM sandbox.movements WHERE key = ${data.checkout.order.payments[0].operations[0].id} AND asked`;
    expect(told).toEqual([{ return_url: new URL(returnUrl).href }]);
  });
});
