import { randomUUID } from "node:crypto";
import type { Overrides } from "../../src/app";
import { advanceOrder } from "../../src/checkout/advance/advance-order";
import { settleDueOperations } from "../../src/checkout/settle/settle-due-operations";
import type { ProviderOutcome } from "../../src/payments";
import { readId } from "../../src/platform/ids";
import { startTestApp } from "./app";
import { aBank } from "./bank";
import { aProduct, aZone } from "./builders";
import { aFullCart, CHECKOUT, type ReadyCart } from "./checkouts";
import { movableClock } from "./clock";

const RESUME = CHECKOUT.replace("CheckoutInput!", "ResumeCheckoutInput!").replace(
  "checkout(",
  "resumeCheckout(",
);

type Paying = { key?: string; token?: string | null; expectedTotal?: object; payment?: object };

/** A shop whose only provider is a bank of the test's, and whose clock it moves. */
export async function startBankShop(settings: Record<string, string> = {}, overrides: Overrides = {}) {
  const [bank, clock] = [aBank(), movableClock()];
  const app = await startTestApp(settings, { clock, providers: [bank.provider], ...overrides });
  await aZone(app.db);

  /** A cart with one piece of a product of its own. */
  const aCart = async (stock = 1, token: string | null = null) => {
    const { variant } = await aProduct(app.db, { stock });
    const cart = await aFullCart(app.ask, token, { variantId: variant.id });
    return { ...cart, uuid: readId("cart", cart.id) ?? "", variantUuid: variant.uuid, variantId: variant.id };
  };
  /** Another buyer's cart with the same goods. */
  const aRival = async ({ variantId, variantUuid }: { variantId: string; variantUuid: string }) => {
    const cart = await aFullCart(app.ask, null, { variantId });
    return { ...cart, uuid: readId("cart", cart.id) ?? "", variantUuid, variantId };
  };
  /** Checks out with a card of the bank's, or as `about` says. @returns the payload */
  const pay = async (cart: ReadyCart, card: string, about: Paying = {}) => {
    const { key = randomUUID(), token = null, expectedTotal = cart.total, payment = { token: card } } = about;
    const input = { cartId: cart.id, expectedTotal, payment };
    return (await app.ask(token, CHECKOUT, { input }, { "idempotency-key": key })).data?.checkout;
  };
  const resume = async (cart: { id: string }, token: string | null = null) =>
    (await app.ask(token, RESUME, { input: { cartId: cart.id } })).data.resumeCheckout;
  /** The key of the attempt that a payload speaks of, as the bank knows it. */
  const keyOf = async (payload: { payment: { id: string } }) => (await attemptOf(payload)).idempotencyKey;
  const attemptOf = (payload: { payment: { id: string } }) =>
    app.db.paymentOperation.findFirstOrThrow({
      where: { paymentId: readId("pay", payload.payment.id) ?? "", kind: "AUTHORIZE" },
      orderBy: { createdAt: "asc" },
    });
  return {
    ...app,
    ...{ app, bank, clock, aCart, aRival, pay, resume, keyOf, attemptOf },
    sweep: () => settleDueOperations(app.platform),
    /** What is still open was left so by a test: the bank is asked once more before the books are looked at. */
    async close() {
      bank.silent = false;
      await settleDueOperations(app.platform);
      await app.close();
    },
    /** The bank tells of an attempt unasked, as a webhook does. */
    tell: async (
      payload: { payment: { id: string } },
      outcome: (key: string) => ProviderOutcome = bank.changeMind,
    ) => {
      const { id, idempotencyKey } = await attemptOf(payload);
      return advanceOrder(app.platform, id, outcome(idempotencyKey));
    },
    /** The order of a cart as it is now: its state, its stock, and what the bank has taken for it. */
    async standing(cart: { uuid: string; variantUuid: string }) {
      const order = await app.db.order.findFirstOrThrow({
        where: { cartId: cart.uuid },
        include: { cart: true },
      });
      const stock = await app.db.stock.findFirstOrThrow({ where: { variantId: cart.variantUuid } });
      const { status, paymentStatus } = order;
      const money = bank.money(order.number.toString());
      return { status, paymentStatus, cart: order.cart.state, reserved: stock.reserved, ...money };
    },
  };
}
export type BankShop = Awaited<ReturnType<typeof startBankShop>>;
