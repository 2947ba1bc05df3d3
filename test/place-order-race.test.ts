import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { readCart } from "../src/checkout/cart/read-cart";
import { placeOrder } from "../src/checkout/place/place-order";
import { lostRace } from "../src/platform/database";
import { parseId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, recount } from "./support/builders";
import { aFullCart } from "./support/checkouts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
});
afterAll(() => app.close());

test("stock that comes back while an order waits for its row is a race lost, and won in the next round", async () => {
  const { variant } = await aProduct(app.db, { stock: 5 });
  const uuid = parseId("cart", (await aFullCart(app.ask, null, { variantId: variant.id, quantity: 2 })).id);
  const cart = await readCart(app.platform, app.db, uuid);
  if (!cart) throw new Error("The cart is gone");
  const payment = {
    provider: "sandbox",
    token: "sandbox:success",
    save: false,
    capture: true,
    returnUrl: null,
  };
  const request = { actor: uuid, key: "a-race-for-stock", inputHash: new Uint8Array(32) };

  await recount(app.db, variant.uuid, 0); // what the waiting statement's snapshot sees
  const staff = new Client({ connectionString: app.database.ownerUrl });
  await staff.connect();
  await staff.query("BEGIN");
  await staff.query("UPDATE stocks SET on_hand = 5 WHERE variant_id = $1", [variant.uuid]);
  await staff.query(
    `INSERT INTO stock_movements (id, variant_id, kind, on_hand_delta, created_at) VALUES (gen_random_uuid(), $1, 'ADJUST', 5, now())`,
    [variant.uuid],
  );
  const placing = placeOrder(app.platform, cart, payment, request).catch((error: unknown) => error);
  await wait(300);
  await staff.query("COMMIT");
  await staff.end();

  // The locked row has 5; but the CHECK is held against the row as the snapshot had it, before anything newer is looked at.
  expect(lostRace(await placing)).toBe(true);
  expect(await placeOrder(app.platform, cart, payment, request)).toMatchObject({ result: "PLACED" });
});
