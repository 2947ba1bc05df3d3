import pg from "pg";
import { fillShop } from "../bench/fill";
import { putOff } from "../bench/fill/put-off";
import { checkAuthorizations } from "../src/checkout/settle/check-authorizations";
import { expireOrders } from "../src/checkout/settle/expire-orders";
import { expireReservations } from "../src/checkout/settle/expire-reservations";
import { settleDueOperations } from "../src/checkout/settle/settle-due-operations";
import { DAY } from "../src/platform/clock";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
let owner: pg.Client;
beforeAll(async () => {
  app = await startTestApp();
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await app.close(); // looks at every invariant
});

test("the shop that measurements are made on has orders in all states, and is in order", async () => {
  await fillShop(owner, 1_000);
  const count = await app.db.order.groupBy({ by: ["status"], _count: true });
  expect(count.map(({ status }) => status).sort()).toEqual([
    "CANCELLED",
    "COMPLETED",
    "EXPIRED",
    "OPEN",
    "PENDING",
  ]);
});

test("nothing of it waits to be worked off once it is put off: servers of a shop that is measured are as idle as a real one's", async () => {
  const inAMonth = new Date(app.platform.clock.now().getTime() + 30 * DAY);
  const platform = { ...app.platform, clock: { now: () => inAMonth } };
  await putOff(owner);
  expect(await settleDueOperations(platform)).toBe(0);
  expect(await expireReservations(platform)).toBe(0);
  expect(await expireOrders(platform)).toBe(0);
  expect(await checkAuthorizations(platform)).toBe(0);
});
