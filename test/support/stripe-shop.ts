import { settleDueOperations } from "../../src/checkout/settle/settle-due-operations";
import { parseId } from "../../src/platform/ids";
import { startTestApp } from "./app";
import { anAddress, aProduct, aZone, unique } from "./builders";
import { cartsOf } from "./carts";
import { checkOut, type ReadyCart } from "./checkouts";
import { movableClock } from "./clock";
import { startFakeStripe } from "./fake-stripe";
import { stripeSettings } from "./stripe-harness";

/** Prices and shipping in minor units of each currency. */
const CURRENCIES = { EUR: 500n, JPY: 700n, KWD: 5_120n, BHD: 5_124n };

type CartAbout = { token?: string | null; currency?: string; free?: boolean };

/** A shop that takes money through Stripe, as its settings say; Stripe is pretended. */
export async function startStripeShop(settings: Record<string, string> = {}) {
  const [fake, clock] = [await startFakeStripe(), movableClock()];
  const shop = { CURRENCIES: Object.keys(CURRENCIES).join(","), RETURN_ORIGINS: "https://shop.example" };
  const app = await startTestApp({ ...stripeSettings(fake.url), ...shop, ...settings }, { clock });
  const rates = Object.fromEntries(Object.keys(CURRENCIES).map((code) => [code, { amount: 490n }]));
  Object.assign(rates, { EUR: { amount: 490n, freeAbove: 5_000n } });
  const pickup = { handle: "pickup", rates: { EUR: { amount: 0n } } };
  await aZone(app.db, { options: [{ handle: "standard", rates }, pickup] });

  return {
    ...{ app, fake, clock, ask: app.ask, db: app.db },
    /** A cart with one thing in it, ready to be paid; a free one costs nothing and is picked up. */
    async aCart({ token = null, currency = "EUR", free = false }: CartAbout = {}): Promise<ReadyCart> {
      const { variant } = await aProduct(app.db, { prices: free ? { EUR: 0n } : CURRENCIES });
      const lines = [{ variantId: variant.id }];
      const { id: cartId } = await cartsOf(app).cart("createCart", { currency, lines }, token);
      const email = `${unique()}@example.test`;
      const where = {
        cartId,
        email,
        shippingAddress: anAddress(),
        deliveryHandle: free ? "pickup" : "standard",
      };
      const { totals } = await cartsOf(app).cart("updateCart", where, token);
      return { id: cartId, total: { amount: totals.total.amount, currency } };
    },
    pay: (cart: ReadyCart, payment: object, about: object = {}) =>
      checkOut(app.ask, cart, { payment, ...about }),
    /** An order's standing, and what Stripe holds for it */
    async standing(orderId: string) {
      const where = { id: parseId("order", orderId) };
      const order = await app.db.order.findUniqueOrThrow({ where, include: { operations: true } });
      const { status, paymentStatus, operations } = order;
      const intents = operations.flatMap(({ idempotencyKey }) => fake.intentsOf(idempotencyKey));
      return { status, paymentStatus, received: intents.map(({ received }) => received) };
    },
    /** Brings what Stripe has to tell. @returns the statuses it is answered with */
    async deliver() {
      const told = fake.state.events.splice(0);
      const post = async (text: string) => {
        const headers = { "content-type": "application/json", ...fake.sign(Buffer.from(text), clock.now()) };
        const url = new URL("/webhooks/stripe", app.url);
        return (await fetch(url, { method: "POST", headers, body: text })).status;
      };
      return Promise.all(told.map(({ body }) => post(body)));
    },
    /** Lets the sweep look for what was lost sight of. */
    async sweepLater(milliseconds: number) {
      clock.advance(milliseconds);
      await settleDueOperations(app.platform);
    },
    async close() {
      await app.close();
      await fake.close();
    },
  };
}
export type StripeShop = Awaited<ReturnType<typeof startStripeShop>>;
