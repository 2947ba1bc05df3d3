import { randomUUID } from "node:crypto";
import pg from "pg";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";

// Lines, reservations and movements name a variant without a foreign key, which would write the variant's row for each piece sold.
let app: TestApp;
let owner: pg.Client;
/** The role that serves requests. */
let served: pg.Client;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
  [owner, served] = [await connect(app.database.ownerUrl), await connect(app.database.url)];
});
afterAll(async () => {
  await Promise.all([owner.end(), served.end()]);
  await app.close();
});

async function connect(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Where a variant's row is, and who wrote or locked it last. */
const rowOf = async (uuid: string) => {
  const { rows } = await owner.query(
    "SELECT ctid::text, xmin::text, xmax::text FROM variants WHERE id = $1",
    [uuid],
  );
  return rows[0];
};

test("a sale leaves the row of what is sold untouched: in a cart, ordered, given back", async () => {
  const { variant } = await aProduct(app.db);
  const uuid = readId("var", variant.id) ?? "";
  const before = await rowOf(uuid);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id, quantity: 2 });
  expect(await rowOf(uuid)).toEqual(before);
  expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  const declined = await aFullCart(app.ask, null, { variantId: variant.id, quantity: 2 });
  await checkOut(app.ask, declined, { payment: { token: "sandbox:decline" } });
  const { _sum } = await app.db.stockMovement.aggregate({
    where: { variantId: uuid, orderId: { not: null } },
    _sum: { reservedDelta: true },
  });
  expect(_sum.reservedDelta).toBe(2); // two taken, two given back
  expect(await rowOf(uuid)).toEqual(before);
});

test.each(["DELETE FROM variants WHERE id = $1", "UPDATE variants SET id = gen_random_uuid() WHERE id = $1"])(
  "nobody may take a variant away, not even one that nothing names: %s",
  async (statement) => {
    const { rows } = await owner.query("SELECT id FROM variants");
    for (const uuid of [rows[0].id, randomUUID()])
      for (const role of [owner, served])
        await expect(role.query(statement, [uuid])).rejects.toMatchObject({
          code: "23001",
          message: expect.stringMatching(/^variants are archived, never removed: (DELETE|UPDATE) refused$/),
        });
  },
);
test("nor all of them", async () => {
  await expect(owner.query("TRUNCATE variants CASCADE")).rejects.toMatchObject({
    message: "variants are archived, never removed: TRUNCATE refused",
  });
});
