import { randomUUID } from "node:crypto";
import { SECOND } from "../src/platform/clock";
import { resultOf } from "./support/checkouts";
import { readForm } from "./support/fake-stripe/form";
import { aPerson } from "./support/person";
import { type StripeShop, startStripeShop } from "./support/stripe-shop";

let shop: StripeShop;
beforeAll(async () => {
  shop = await startStripeShop({ PAYMENT_TIMEOUT_MS: "2000" });
});
beforeEach(() => {
  shop.fake.state.events.length = 0;
});
afterAll(() => shop.close());

const PAY = /^POST \/v1\/payment_intents$/;
const PAID = { status: "OPEN", paymentStatus: "PAID" };
const VISA = { token: "pm_card_visa" };

test("Stripe is the shop's standard, and clients are told its publishable key", async () => {
  const { data } = await shop.ask(null, "{ shop { paymentProviders { handle publishableKey } } }");
  expect(data.shop.paymentProviders[0]).toEqual({ handle: "stripe", publishableKey: "pk_test_fake" });
});

test("an order is paid through Stripe; its webhooks find nothing left to do", async () => {
  const { data } = await shop.pay(await shop.aCart(), VISA);
  const { order, payment } = data.checkout;
  expect(order).toMatchObject(PAID);
  expect(payment).toMatchObject({ provider: "stripe", method: { brand: "visa", last4: "4242" } });
  expect(await shop.deliver()).toEqual([200]);
  expect(await shop.standing(order.id)).toEqual({ ...PAID, received: [990] });
  const [asked] = shop.fake.calls.filter(({ text }) => text.includes(`=${order.number}`));
  expect(readForm(asked!.text)).toMatchObject({ amount: "990", metadata: { tillgraph_order: order.number } });
});

test.each([
  ["JPY", 1_190],
  ["KWD", 5_610],
])("%s to the last unit", async (currency, amount) => {
  const { data } = await shop.pay(await shop.aCart({ currency }), VISA);
  expect(data.checkout.order.totals.total).toEqual({ amount, currency });
  expect(await shop.standing(data.checkout.order.id)).toEqual({ ...PAID, received: [amount] });
});

test("an amount that Stripe can't take is declined, not rounded", async () => {
  const answer = await shop.pay(await shop.aCart({ currency: "BHD" }), VISA); // 5.614
  expect(resultOf(answer)).toBe("PAYMENT_DECLINED");
  expect(answer.data.checkout.payment.operations).toMatchObject([{ status: "FAILED", reason: "refused" }]);
});

test("a decline lets the cart go: the same cart is paid with another card", async () => {
  const cart = await shop.aCart();
  const declined = await shop.pay(cart, { token: "pm_card_chargeDeclinedInsufficientFunds" });
  expect(resultOf(declined)).toBe("PAYMENT_DECLINED");
  expect(declined.data.checkout.payment.operations).toMatchObject([{ reason: "insufficient_funds" }]);
  const { data } = await shop.pay(cart, VISA);
  expect(data.checkout.order).toMatchObject({ ...PAID, id: declined.data.checkout.order.id });
  await shop.deliver();
  expect(await shop.standing(data.checkout.order.id)).toEqual({ ...PAID, received: [0, 990] });
});

test("3-D Secure: the client confirms with its secret, the webhook opens the order", async () => {
  const { data } = await shop.pay(await shop.aCart(), { token: "pm_card_authenticationRequired" });
  const { order, nextAction } = data.checkout;
  expect(order).toMatchObject({ status: "PENDING", paymentStatus: "PROCESSING" });
  const [intent] = nextAction.clientSecret.split("_secret_");
  expect(nextAction).toMatchObject({ type: "CLIENT_CONFIRM", url: null });
  shop.fake.confirm(intent);
  expect(new Set(await shop.deliver())).toEqual(new Set([200]));
  expect(await shop.standing(order.id)).toEqual({ ...PAID, received: [990] });
});

test("3-D Secure with a place to return to: the buyer is sent there; his refusal frees the cart", async () => {
  const [cart, returnUrl] = [await shop.aCart(), "https://shop.example/thanks"];
  const { data } = await shop.pay(cart, { token: "pm_card_authenticationRequired", returnUrl });
  const { order, nextAction } = data.checkout;
  expect(nextAction).toMatchObject({ type: "REDIRECT", clientSecret: null });
  shop.fake.refuse(nextAction.url.split("/").at(-1));
  await shop.deliver();
  expect(await shop.standing(order.id)).toMatchObject({ status: "PENDING", paymentStatus: "FAILED" });
  expect(resultOf(await shop.pay(cart, VISA))).toBe("OK");
});

test("a buyer who does not come back is called off at Stripe", async () => {
  const { data } = await shop.pay(await shop.aCart(), { token: "pm_card_authenticationRequired" });
  await shop.sweepLater(31 * 60 * SECOND);
  const { order, nextAction } = data.checkout;
  expect(await shop.standing(order.id)).toMatchObject({ paymentStatus: "FAILED", received: [0] });
  expect(() => shop.fake.confirm(nextAction.clientSecret.split("_secret_")[0])).toThrow("canceled");
});

test.each([
  ["an answer that comes too late", { slowMs: 4_000 }, 1],
  ["a line that is cut when it is done", "cut after", 2],
  ["a line that is cut before", "cut before", 2],
  ["a 500 though it charged", { status: 500, done: true }, 1],
  ["too many calls", { status: 429, done: false }, 1],
] as const)("%s: PROCESSING, then paid, with one charge", async (_what, fault, times) => {
  const [cart, key] = [await shop.aCart(), randomUUID()];
  shop.fake.fail(fault, PAY, times);
  const { data } = await shop.pay(cart, VISA, { key });
  const { order } = data.checkout;
  expect(order).toMatchObject({ status: "PENDING", paymentStatus: "PROCESSING" });
  expect((await shop.pay(cart, VISA, { key })).data).toEqual(data);
  await shop.sweepLater(31 * SECOND);
  expect(await shop.standing(order.id)).toEqual({ ...PAID, received: [990] });
  await shop.deliver();
  expect(await shop.standing(order.id)).toEqual({ ...PAID, received: [990] });
});

test("a signed-in buyer keeps a card and pays with it again; Stripe knows his account by our key alone", async () => {
  const { token } = await aPerson(shop.app);
  const method = shop.fake.aMethod("pm_card_visa");
  const first = await shop.pay(await shop.aCart({ token }), { token: method, save: true }, { token });
  expect(resultOf(first)).toBe("OK");
  const { data } = await shop.ask(token, "{ me { paymentMethods { id provider summary { last4 } } } }");
  const [kept] = data.me.paymentMethods;
  expect(kept).toMatchObject({ provider: "stripe", summary: { last4: "4242" } });
  const again = await shop.pay(await shop.aCart({ token }), { paymentMethodId: kept.id }, { token });
  const guests = await shop.pay(await shop.aCart(), { paymentMethodId: kept.id }, { token });
  expect(resultOf(guests)).toBe("OK"); // filled before signing in
  expect(again.data.checkout.order).toMatchObject(PAID);
  const customer = shop.fake.state.methods.get(method)?.customer ?? "";
  expect(shop.fake.state.customers.get(customer)).toEqual({ tillgraph_key: expect.stringMatching(/^acct_/) });
});

test("an order that costs nothing: its card is looked at, or set up when it is to be kept; no money moves", async () => {
  const { token } = await aPerson(shop.app);
  for (const save of [false, true]) {
    const method = shop.fake.aMethod("pm_card_visa");
    const cart = await shop.aCart({ token, free: true });
    const { data } = await shop.pay(cart, { token: method, save }, { token });
    expect(data.checkout.order).toMatchObject({ ...PAID, totals: { total: { amount: 0 } } });
    const kept = shop.fake.state.methods.get(method)?.customer;
    expect(kept).toEqual(save ? expect.stringMatching(/^cus_/) : null);
    expect(await shop.deliver()).toEqual(save ? [200] : []);
  }
});
