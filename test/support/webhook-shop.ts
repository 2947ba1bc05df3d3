import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import pino from "pino";
import { createApp } from "../../src/app";
import { settleDueOperations } from "../../src/checkout/settle/settle-due-operations";
import type { FaultPoint } from "../../src/platform/fault-points";
import { parseId } from "../../src/platform/ids";
import { processReceivedEvents } from "../../src/settlement/inbox/process-received-events";
import { startTestApp } from "./app";
import { aProduct, aZone } from "./builders";
import { aFullCart, checkOut, type ReadyCart } from "./checkouts";
import { movableClock } from "./clock";
import { scriptedProvider } from "./scripted-provider";

export type Sent = { body: Buffer; headers: Record<string, string> };
/** A line of the log; 40 is a warning, 50 an error. */
export type Logged = Record<string, unknown> & { level: number; msg: string };
type PostInit = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
};

/** A shop of two servers on one database, whose payment provider does and tells what the test says. */
export async function startWebhookShop(settings: Record<string, string> = {}) {
  const clock = movableClock();
  const script = scriptedProvider(clock);
  /** What happens when a moment is reached; nothing unless the test says so. */
  const moments: Partial<Record<FaultPoint, () => void | Promise<void>>> = {};
  /** What the servers have logged from warnings upwards. */
  const logged: Logged[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const overrides = {
    clock,
    log,
    providers: [script.provider],
    reached: (point: FaultPoint) => moments[point]?.(),
  };
  const app = await startTestApp(settings, overrides);
  const second = await createApp(app.platform.config, overrides);
  const urls = [app.url, await second.listen()].map((url) => new URL(url).origin);
  await aZone(app.db);

  const request = (path: string, init: PostInit = {}, server = 0) => fetch(`${urls[server]}${path}`, init);
  const platforms = [app.platform, second.platform] as const;
  /** What a server's background does every few seconds. */
  const sweep = async (server: 0 | 1 = 0) => {
    await processReceivedEvents(platforms[server]);
    await settleDueOperations(platforms[server]);
  };
  return {
    ...{
      app,
      db: app.db,
      platform: app.platform,
      second: second.platform,
      clock,
      script,
      moments,
      logged,
      request,
    },
    /** Delivers a webhook to a server. @returns the status it is answered with */
    async deliver({ body, headers }: Sent, server = 0): Promise<number> {
      const init = { method: "POST", headers, body: new Uint8Array(body) };
      return (await request("/webhooks/scripted", init, server)).status;
    },
    /** A buyer's attempt to pay for an order of one thing. */
    async attempt(token: string, stock = 10) {
      const { variant } = await aProduct(app.db, { stock });
      const cart = await aFullCart(app.ask, null, { variantId: variant.id });
      const request = { key: randomUUID(), payment: { token } };
      const { data } = await checkOut(app.ask, cart, request);
      const orderUuid = parseId("order", data.checkout.order?.id ?? "");
      const where = { orderId: orderUuid, kind: "AUTHORIZE" } as const;
      const operation = await app.db.paymentOperation.findFirstOrThrow({ where });
      return {
        orderUuid,
        variantUuid: variant.uuid,
        key: operation.idempotencyKey,
        operation,
        cart,
        request,
      };
    },
    sweep,
    /** The buyer sends his request once more. */
    checkOutAgain: ({ cart, request }: { cart: ReadyCart; request: { key: string; payment: object } }) =>
      checkOut(app.ask, cart, request),
    /** The inbox alone */
    events: () => processReceivedEvents(app.platform),
    async until(holds: () => Promise<boolean>) {
      while (!(await holds())) await wait(10);
    },
    async close() {
      await sweep();
      await second.close();
      await app.close();
    },
  };
}
export type WebhookShop = Awaited<ReturnType<typeof startWebhookShop>>;
export type Attempt = Awaited<ReturnType<WebhookShop["attempt"]>>;

/** All that an order has come to: the order, its cart, its stock, its operations in the order of their keys, its ledger. */
export async function standingOf({ db }: WebhookShop, { orderUuid, variantUuid }: Attempt) {
  const order = await db.order.findUniqueOrThrow({
    where: { id: orderUuid },
    include: { cart: true, operations: true },
  });
  const stock = await db.stock.findFirstOrThrow({ where: { variantId: variantUuid } });
  const { status, paymentStatus, cart, operations } = order;
  return {
    ...{ status, paymentStatus, cart: cart.state, reserved: stock.reserved },
    operations: operations.map((one) => `${one.kind} ${one.status} ${one.amount}`).sort(),
    booked: await db.ledgerTransaction.count({ where: { orderId: orderUuid } }),
  };
}

/** The inbox's rows about an operation's key, oldest first. */
export const inboxOf = ({ db }: WebhookShop, key: string) =>
  db.providerEvent.findMany({
    where: { told: { path: ["key"], equals: key } },
    orderBy: { id: "asc" },
  });
