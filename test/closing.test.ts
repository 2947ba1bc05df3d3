import { setTimeout as wait } from "node:timers/promises";
import { startTestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { moodyProvider } from "./support/moody-provider";

test("a server that leaves is not ready, answers what it has in hand, and waits for no connection that is kept alive", async () => {
  const app = await startTestApp();
  await aZone(app.db);
  const { variant } = await aProduct(app.db);
  const { providers } = app.platform.services;
  const [sandbox] = providers;
  if (!sandbox) throw new Error("no provider");
  const line = moodyProvider(sandbox);
  providers.splice(0, 1, line);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  line.mood = "stuck";
  const paying = checkOut(app.ask, cart);
  while (line.asked === 0) await wait(5);

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
