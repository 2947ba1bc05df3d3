import { randomUUID } from "node:crypto";
import { settleDueOperations } from "../../src/checkout/settle/settle-due-operations";
import { SECOND } from "../../src/platform/clock";
import { parseId } from "../../src/platform/ids";
import { processReceivedEvents } from "../../src/settlement/inbox/process-received-events";
import { startTestApp } from "./app";
import { aProduct, aZone } from "./builders";
import { aFullCart, CHECKOUT } from "./checkouts";
import { movableClock } from "./clock";
import { sandboxOf } from "./sandbox";

const DOCUMENT = CHECKOUT.replace("nextAction { type }", "nextAction { type url clientSecret }");
const ROUND_MS = 2 * SECOND;

/** A shop that is paid through the sandbox, which tells it of everything by its webhooks. */
export async function startSandboxShop(settings: Record<string, string> = {}) {
  const clock = movableClock();
  const known = { PAYMENT_TIMEOUT_MS: "300", RETURN_ORIGINS: "https://shop.example" };
  const app = await startTestApp({ ...known, ...settings }, { clock });
  await aZone(app.db);
  return {
    ...app,
    clock,
    /** A buyer pays for one thing with a token: what he hears, and `next`, where he is sent. */
    async pay(token: string) {
      const { variant } = await aProduct(app.db, { stock: 5 });
      const cart = await aFullCart(app.ask, null, { variantId: variant.id });
      const payment = { token, returnUrl: "https://shop.example/thanks" };
      const input = { cartId: cart.id, expectedTotal: cart.total, payment };
      const { data } = await app.ask(null, DOCUMENT, { input }, { "idempotency-key": randomUUID() });
      const { order, nextAction: next, userErrors } = data.checkout;
      return { uuid: parseId("order", order.id), next, heard: userErrors[0]?.code ?? order.paymentStatus };
    },
    /** An order's status and payment status */
    async orderOf(uuid: string) {
      const { status, paymentStatus } = await app.db.order.findUniqueOrThrow({ where: { id: uuid } });
      return `${status} ${paymentStatus}`;
    },
    /** What goes on in the background of provider and shop meanwhile; the shop's own asking around only when told to. */
    async goOn(milliseconds: number, { settles = false } = {}) {
      for (let passed = 0; passed <= milliseconds; passed += ROUND_MS) {
        for (const { run } of sandboxOf(app).sweeps ?? [])
          await run(app.platform, new AbortController().signal);
        await processReceivedEvents(app.platform);
        if (settles) await settleDueOperations(app.platform);
        clock.advance(ROUND_MS);
      }
    },
  };
}
