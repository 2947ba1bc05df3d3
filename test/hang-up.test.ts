import { request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, CHECKOUT } from "./support/checkouts";
import { holdTable } from "./support/hold-table";
import { moodyLine } from "./support/moody-provider";

/** Reads the table `collections`. */
const LIST = "{ collections(first: 5) { nodes { id } } }";
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
});
afterAll(() => app.close());

/** Sends a request whose answer nobody will wait for; gives back how to hang up. */
function send(query: string, variables: object = {}, headers: Record<string, string> = {}) {
  const sent = request(app.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
  });
  sent.on("error", () => undefined);
  sent.end(JSON.stringify({ query, variables }));
  return () => sent.destroy();
}

test("a client that hangs up: what it asked for is cancelled in the database within a second, what others ask for is not", async () => {
  const table = await holdTable(app.database, "collections");
  const hangUp = [send(LIST), send(LIST)];
  while ((await table.waiting()) < 2) await wait(10);
  const other = app.ask(null, LIST);
  while ((await table.waiting()) < 3) await wait(10);
  const hungUp = performance.now();
  for (const each of hangUp) each();
  while ((await table.waiting()) > 1) await wait(10);
  expect(performance.now() - hungUp).toBeLessThan(1_000);
  await table.release();
  expect((await other).status).toBe(200);
});

test("a read that takes more than two seconds is cancelled in the database and answered 503; the next one works", async () => {
  const table = await holdTable(app.database, "collections");
  const asked = performance.now();
  const { status, codes } = await app.ask(null, LIST);
  expect([status, codes]).toEqual([503, ["SERVICE_UNAVAILABLE"]]);
  expect(performance.now() - asked).toBeGreaterThan(1_900);
  expect(await table.waiting()).toBe(0);
  await table.release();
  expect((await app.ask(null, LIST)).status).toBe(200);
});

test("a buyer who hangs up in the middle of a checkout has bought all the same", async () => {
  const { variant } = await aProduct(app.db);
  const line = moodyLine(app.platform.services.providers);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  const input = { cartId: cart.id, expectedTotal: cart.total, payment: { token: "sandbox:success" } };
  line.mood = "stuck";
  const hangUp = send(CHECKOUT, { input }, { "idempotency-key": "hung-up-in-the-middle" });
  while (line.asked === 0) await wait(5);
  hangUp();
  await wait(300); // longer than a read of his would have lived
  line.mood = "answers";
  line.unstick();
  const paid = () => app.db.order.count({ where: { paymentStatus: "PAID" } });
  for (let waited = 0; waited < 5_000 && (await paid()) === 0; waited += 50) await wait(50);
  expect(await paid()).toBe(1);
});
