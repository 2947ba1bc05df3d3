import { setTimeout as wait } from "node:timers/promises";
import { openDatabase } from "../src/platform/database";
import { startTestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, CHECKOUT, checkOut, resultOf } from "./support/checkouts";
import { moodyLine } from "./support/moody-provider";

/** A server whose provider is busy with a buyer's checkout until `unstick`; its sweep comes round every few milliseconds. */
async function aBusyServer() {
  const app = await startTestApp();
  await aZone(app.db);
  const { variant } = await aProduct(app.db);
  const line = moodyLine(app.platform.services.providers);
  const rounds = { begun: 0 };
  line.sweeps = [{ name: "count", everyMs: 5, run: async () => void rounds.begun++ }];
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  line.mood = "stuck";
  const paying = checkOut(app.ask, cart);
  while (line.asked === 0) await wait(5);
  return { app, line, rounds, paying };
}

test("a server that leaves is not ready, answers what it has in hand, and waits for no connection that is kept alive", async () => {
  const { app, line, paying } = await aBusyServer();
  const left = app.app.leave();
  expect((await fetch(new URL("/readyz", app.url))).status).toBe(503);
  expect((await app.ask(null, "{ shop { name } }")).status).toBe(200);
  await left;
  const closed = app.close();
  await wait(50);
  line.unstick();
  expect(resultOf(await paying)).toBe("OK");
  await closed;
});

test("a server that closes begins no further round of a sweep while it finishes the requests in hand", async () => {
  const { app, line, rounds, paying } = await aBusyServer();
  await app.app.startBackground();
  while (rounds.begun === 0) await wait(5);
  const closed = app.close();
  while ((await fetch(app.url).catch(() => null)) !== null) await wait(5); // the door is shut
  const { begun } = rounds;
  await wait(100);
  expect(rounds.begun).toBe(begun);
  line.unstick();
  expect(resultOf(await paying)).toBe("OK");
  await closed;
});

test("a buyer who hangs up in the middle of a checkout while the server closes has bought all the same", async () => {
  const app = await startTestApp();
  await aZone(app.db);
  const { variant } = await aProduct(app.db);
  const line = moodyLine(app.platform.services.providers);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  const input = { cartId: cart.id, expectedTotal: cart.total, payment: { token: "sandbox:success" } };
  line.mood = "stuck";
  const hangUp = new AbortController();
  const paying = fetch(app.url, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "hung-up-and-closed" },
    body: JSON.stringify({ query: CHECKOUT, variables: { input } }),
    signal: hangUp.signal,
  }).catch(() => null);
  while (line.asked === 0) await wait(5);
  hangUp.abort();
  await paying;
  const closed = app.app.close();
  await wait(200); // no connection is left that would keep it open
  line.unstick();
  await closed;
  const later = openDatabase(app.database.url, 1, () => undefined);
  expect(await later.order.findMany({ select: { status: true, paymentStatus: true } })).toEqual([
    { status: "OPEN", paymentStatus: "PAID" },
  ]);
  await later.$disconnect();
  await app.database.drop();
});
