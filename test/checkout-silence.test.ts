import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { settleDueOperations } from "../src/checkout/settle/settle-due-operations";
import { MINUTE, SECOND } from "../src/platform/clock";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { cartsOf } from "./support/carts";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { movableClock } from "./support/clock";
import { moodyProvider } from "./support/moody-provider";

const clock = movableClock();
let app: TestApp;
let line: ReturnType<typeof moodyProvider>;
beforeAll(async () => {
  app = await startTestApp({}, { clock });
  const { providers } = app.platform.services;
  if (!providers[0]) throw new Error("no sandbox");
  line = moodyProvider(providers[0]);
  providers[0] = line;
  await aZone(app.db);
});
beforeEach(() => {
  line.mood = "answers";
});
afterAll(() => app.close());

async function aCart() {
  const { variant } = await aProduct(app.db, { stock: 1 });
  return { ...(await aFullCart(app.ask, null, { variantId: variant.id })), variantUuid: variant.uuid };
}

/** The order as it is now, and what the provider's own books hold for it. */
async function standing(variantUuid: string) {
  const order = await app.db.order.findFirstOrThrow({
    where: { lines: { some: { variantId: variantUuid } } },
    include: { cart: true, operations: { orderBy: { id: "asc" } } },
  });
  const keys = order.operations.map(({ idempotencyKey }) => idempotencyKey);
  const [{ charges }] = await app.db.$queryRaw<[{ charges: number }]>`
    SELECT count(*)::int AS charges FROM sandbox.movements WHERE kind = 'AUTHORIZE' AND state = 'SUCCEEDED' AND key = ANY (${keys})`;
  const stock = await app.db.stock.findFirstOrThrow({ where: { variantId: variantUuid } });
  const { status, paymentStatus, cart } = order;
  return { status, paymentStatus, cart: cart.state, charges, reserved: stock.reserved };
}

const sweepLater = async (milliseconds = 31 * SECOND) => {
  clock.advance(milliseconds);
  await settleDueOperations(app.platform);
};
const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", charges: 1, reserved: 1 };
const DECLINED = { status: "PENDING", paymentStatus: "FAILED", cart: "ACTIVE", charges: 0, reserved: 0 };
const PROCESSING = { status: "PENDING", paymentStatus: "PROCESSING", cart: "ACTIVE", reserved: 1 };

test("charged, but nobody heard: PROCESSING, the cart frozen, then paid, with one charge", async () => {
  const [cart, key] = [await aCart(), randomUUID()];
  line.mood = "mute";
  const { data } = await checkOut(app.ask, cart, { key });
  expect(data.checkout).toMatchObject({
    order: { status: "PENDING", paymentStatus: "PROCESSING" },
    payment: { operations: [{ kind: "AUTHORIZE", status: "UNKNOWN" }] },
    userErrors: [],
  });
  expect(await standing(cart.variantUuid)).toEqual({ ...PROCESSING, charges: 1 });
  const edit = { cartId: cart.id, email: "other@example.test" };
  expect(await cartsOf(app).refusal("updateCart", edit)).toEqual(["CHECKOUT_IN_PROGRESS", "cartId"]);
  expect(resultOf(await checkOut(app.ask, cart))).toBe("CHECKOUT_IN_PROGRESS");
  expect((await checkOut(app.ask, cart, { key })).data).toEqual(data);

  await sweepLater(20 * SECOND); // the lease is not over: nothing to take
  expect(await standing(cart.variantUuid)).toEqual({ ...PROCESSING, charges: 1 });
  await sweepLater();
  expect(await standing(cart.variantUuid)).toEqual(PAID);
  const again = (await checkOut(app.ask, cart, { key })).data.checkout;
  expect(again).toMatchObject({
    order: { id: data.checkout.order.id, paymentStatus: "PAID" },
    userErrors: [],
  });
});

test("never arrived: asked again with the same key", async () => {
  const cart = await aCart();
  line.mood = "deaf";
  expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  expect(await standing(cart.variantUuid)).toEqual({ ...PROCESSING, charges: 0 });
  await sweepLater(); // still deaf
  expect(await standing(cart.variantUuid)).toEqual({ ...PROCESSING, charges: 0 });
  line.mood = "answers";
  await sweepLater();
  expect(await standing(cart.variantUuid)).toEqual(PAID);
});

test("declined, but nobody heard: the stock comes back and the cart can be paid for another way", async () => {
  const cart = await aCart();
  line.mood = "mute";
  expect(resultOf(await checkOut(app.ask, cart, { payment: { token: "sandbox:decline" } }))).toBe("OK");
  await sweepLater();
  expect(await standing(cart.variantUuid)).toEqual(DECLINED);
  line.mood = "answers";
  expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  expect(await standing(cart.variantUuid)).toEqual(PAID);
});

test("never arrived, and the buyer has long gone: nobody is charged", async () => {
  const cart = await aCart();
  line.mood = "deaf";
  await checkOut(app.ask, cart);
  line.mood = "answers";
  await sweepLater(31 * MINUTE);
  expect(await standing(cart.variantUuid)).toEqual(DECLINED);
});

test("servers that sweep at once settle each payment once", async () => {
  const carts = await Promise.all([aCart(), aCart(), aCart()]);
  line.mood = "deaf";
  for (const cart of carts) await checkOut(app.ask, cart);
  line.mood = "answers";
  const before = line.asked;
  clock.advance(31 * SECOND);
  await Promise.all(Array.from({ length: 5 }, () => settleDueOperations(app.platform)));
  expect(line.asked - before).toBe(3);
  for (const cart of carts) expect(await standing(cart.variantUuid)).toEqual(PAID);
});

test("a retry takes over from a request that died; should that come back to life, both say the same", async () => {
  const [cart, key] = [await aCart(), randomUUID()];
  line.mood = "stuck";
  const before = line.asked;
  const first = checkOut(app.ask, cart, { key });
  while (line.asked === before) await wait(5);
  expect(resultOf(await checkOut(app.ask, cart, { key }))).toBe("IDEMPOTENCY_KEY_IN_USE");
  clock.advance(31 * SECOND);
  line.mood = "answers";
  const second = await checkOut(app.ask, cart, { key });
  expect(resultOf(second)).toBe("OK");
  expect(await standing(cart.variantUuid)).toEqual(PAID);
  line.unstick();
  expect((await first).data).toEqual(second.data);
  expect(await standing(cart.variantUuid)).toEqual(PAID);
});
