import pg from "pg";
import { ordersMails } from "../../src/orders/orders.mails";
import type { TestApp } from "./app";

/** The mails that are queued about an order, oldest first: what their jobs carry, and what they will say. */
export async function mailsAbout(app: TestApp, orderUuid: string) {
  const owner = new pg.Client({ connectionString: app.database.ownerUrl }); // the queue belongs to that role
  await owner.connect();
  const { rows } = await owner.query<{ payload: Record<string, string> }>(
    "SELECT payload FROM graphile_worker._private_jobs WHERE payload ->> 'orderId' = $1 ORDER BY id",
    [orderUuid],
  );
  await owner.end();
  const payloads = rows.map(({ payload }) => payload);
  const letters = await Promise.all(
    payloads.map((payload) => ordersMails[payload.template ?? ""]?.(app.platform, payload)),
  );
  return { payloads, letters };
}
