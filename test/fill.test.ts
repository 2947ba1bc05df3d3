import pg from "pg";
import { fillShop } from "../bench/fill";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close()); // looks at every invariant

test("the shop that measurements are made on has orders in all states, and is in order", async () => {
  const owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  await fillShop(owner, 1_000).finally(() => owner.end());
  const count = await app.db.order.groupBy({ by: ["status"], _count: true });
  expect(count.map(({ status }) => status).sort()).toEqual([
    "CANCELLED",
    "COMPLETED",
    "EXPIRED",
    "OPEN",
    "PENDING",
  ]);
});
