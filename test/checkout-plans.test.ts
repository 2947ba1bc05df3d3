import pg from "pg";
import { startBankShop } from "./support/bank-shop";

/** Indexes of what is in a state, in which PostgreSQL would find a single row by reading all that are. */
const STATES = /carts_account_id_active_key|orders_status_placed_at_id_idx|reservations_expires_at_held_idx/;

test("an order is placed, and its outcome written, by keys alone, also when the plan is made while little is under way", async () => {
  const shop = await startBankShop();
  const query = jest.spyOn(pg.Client.prototype, "query");
  const { order } = await shop.pay(await shop.aCart(), "card");
  const sent = query.mock.calls.map(([statement]: unknown[]) =>
    String((statement as pg.QueryConfig).text ?? statement),
  );
  query.mockRestore();
  expect(order.status).toBe("OPEN");
  const written = sent.filter((text) => /INSERT INTO (orders|ledger_transactions) /.test(text));
  expect(written).toHaveLength(2);

  const sql = new pg.Client({ connectionString: shop.database.ownerUrl });
  await sql.connect();
  for (const text of written) {
    const { rows } = await sql.query(`EXPLAIN (GENERIC_PLAN) ${text}`);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toContain("carts_pkey");
    expect(plan).not.toMatch(STATES);
  }
  await sql.end();
  await shop.close();
});
