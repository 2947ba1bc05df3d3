import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { anOperationRow, anOrderRow, aProductRow, post } from "./support/rows";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

let database: TestDatabase;
let app: pg.Client;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  [app, owner] = [await connect(database.url), await connect(database.ownerUrl)];
});
afterAll(async () => {
  await Promise.all([app.end(), owner.end()]);
  await database.drop();
});

async function connect(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
/** The SQLSTATE that a statement is refused with; its transaction is rolled back. */
async function refusal(client: pg.Client, work: Promise<unknown>): Promise<string | undefined> {
  const code = await work.then(
    () => "not refused",
    (error: { code?: string }) => error.code,
  );
  await client.query("ROLLBACK");
  return code;
}
const NO_RIGHT = "42501";
const CHECK = "23514";
const UNIQUE = "23505";
const REWRITE = "23001";

async function isAvailable(product: string) {
  const { rows } = await app.query<{ available: boolean }>("SELECT available FROM products WHERE id = $1", [
    product,
  ]);
  return rows[0]?.available;
}

describe("the role that serves requests", () => {
  const history = [
    "ledger_transactions",
    "ledger_entries",
    "stock_movements",
    "outbox_events",
    "order_events",
  ];

  test.each(history)("can neither change nor delete rows of %s", async (table) => {
    expect(await refusal(app, app.query(`DELETE FROM ${table}`))).toBe(NO_RIGHT);
    expect(await refusal(app, app.query(`UPDATE ${table} SET id = id`))).toBe(NO_RIGHT);
  });
  test.each([
    "TRUNCATE products",
    "DROP TABLE products",
    "CREATE TABLE mine (id int)",
    "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
    "DELETE FROM _prisma_migrations",
    "SELECT * FROM graphile_worker._private_jobs",
    "CREATE ROLE another",
  ])("may not %s", async (statement) => {
    expect(await refusal(app, app.query(statement))).toBe(NO_RIGHT);
  });
  test("queues jobs through the one door", async () => {
    await app.query("SELECT enqueue_job('wave', '{}'::json, now(), 'wave:1', 3)");
    await app.query("SELECT enqueue_job('wave', '{}'::json, now(), 'wave:1', 3)"); // the same key: the same job
    const { rows } = await owner.query("SELECT task_identifier, key, max_attempts FROM graphile_worker.jobs");
    expect(rows).toEqual([{ task_identifier: "wave", key: "wave:1", max_attempts: 3 }]);
  });
});

describe("the books", () => {
  async function anOperation() {
    const order = await anOrderRow(app);
    return { ...order, operation: await anOperationRow(app, order, "SUCCEEDED") };
  }

  test("take a balanced transaction", async () => {
    await post(app, await anOperation(), { AUTHORIZED: 1000, AUTHORIZED_CONTRA: -1000 });
  });
  test("refuse one that does not sum to 0, and one without entries", async () => {
    expect(await refusal(app, post(app, await anOperation(), { AUTHORIZED: 1000, SALES: -999 }))).toBe(CHECK);
    expect(await refusal(app, post(app, await anOperation(), {}))).toBe(CHECK);
  });
  test("refuse an entry added to a balanced transaction later", async () => {
    const transaction = await post(app, await anOperation(), { AUTHORIZED: 1000, AUTHORIZED_CONTRA: -1000 });
    const late = app.query(
      "INSERT INTO ledger_entries (id, transaction_id, account_type, currency, amount) VALUES ($1, $2, 'AUTHORIZED', 'EUR', 1)",
      [randomUUID(), transaction],
    );
    expect(await refusal(app, late)).toBe(CHECK);
  });
  test.each(["ledger_transactions", "ledger_entries", "stock_movements", "outbox_events"])(
    "refuse even the owner who rewrites %s",
    async (table) => {
      expect(await refusal(owner, owner.query(`UPDATE ${table} SET id = id`))).toBe(REWRITE);
      expect(await refusal(owner, owner.query(`DELETE FROM ${table}`))).toBe(REWRITE);
      expect(await refusal(owner, owner.query(`TRUNCATE ${table} CASCADE`))).toBe(REWRITE);
    },
  );
});

describe("payment operations", () => {
  test("an order has one open attempt to take money, and another only after it ended", async () => {
    const order = await anOrderRow(app);
    const first = await anOperationRow(app, order, "UNKNOWN");
    expect(await refusal(app, anOperationRow(app, order))).toBe(UNIQUE);
    await app.query("UPDATE payment_operations SET status = 'FAILED' WHERE id = $1", [first]);
    await anOperationRow(app, order);
  });
  test.each(["SUCCEEDED", "FAILED"])("one that %s stays so", async (status) => {
    const operation = await anOperationRow(app, await anOrderRow(app), status);
    const change = app.query("UPDATE payment_operations SET status = 'PENDING' WHERE id = $1", [operation]);
    expect(await refusal(app, change)).toBe(REWRITE);
  });
});

describe("stock", () => {
  test("cannot be promised twice unless it is not tracked or sold beyond what is there", async () => {
    const { variants } = await aProductRow(app, [1]);
    const take = () => app.query("UPDATE stocks SET reserved = reserved + 2 WHERE variant_id = $1", variants);
    expect(await refusal(app, take())).toBe(CHECK);
    await app.query("UPDATE stocks SET oversell = true WHERE variant_id = $1", variants);
    await take();
  });
  test("makes a product available, and no longer when the last live variant is sold or archived", async () => {
    const { product, variants } = await aProductRow(app, [0, 0]);
    const [tea, mug] = variants;
    expect(await isAvailable(product)).toBe(false);
    await app.query("UPDATE stocks SET on_hand = 2 WHERE variant_id = ANY ($1)", [variants]);
    expect(await isAvailable(product)).toBe(true);
    await app.query("UPDATE stocks SET reserved = 2 WHERE variant_id = $1", [tea]);
    expect(await isAvailable(product)).toBe(true);
    await app.query("UPDATE variants SET archived_at = now() WHERE id = $1", [mug]);
    expect(await isAvailable(product)).toBe(false);
    await app.query("UPDATE stocks SET tracked = false WHERE variant_id = $1", [tea]);
    expect(await isAvailable(product)).toBe(true);
  });
  test("of two variants that sell out at the same moment, the product is not left available", async () => {
    const { product, variants } = await aProductRow(app, [1, 1]);
    const other = await connect(database.url);
    const buy = (client: pg.Client, variant?: string) =>
      client.query("UPDATE stocks SET reserved = 1 WHERE variant_id = $1", [variant]);
    await Promise.all([app.query("BEGIN"), other.query("BEGIN")]);
    await buy(app, variants[0]);
    const second = buy(other, variants[1]); // waits for the first
    await app.query("COMMIT");
    await second;
    await other.query("COMMIT");
    await other.end();
    expect(await isAvailable(product)).toBe(false);
  });
});

describe("words and numbers", () => {
  test("search stems and forgets accents", async () => {
    const matches =
      "to_tsvector('tillgraph', 'Cafés and crème brûlée') @@ to_tsquery('tillgraph', 'cafe & creme & brulee')";
    const { rows } = await app.query(`SELECT ${matches} AS found`);
    expect(rows).toEqual([{ found: true }]);
  });
  test("titles sort as people expect", async () => {
    for (const title of ["Zebra", "apple", "Äpfel"]) {
      const { product } = await aProductRow(app);
      await app.query("UPDATE products SET title = $2 WHERE id = $1", [product, title]);
    }
    const { rows } = await app.query("SELECT title FROM products WHERE title <> 'Tea' ORDER BY title");
    expect(rows.map((row) => row.title)).toEqual(["Äpfel", "apple", "Zebra"]);
  });
  test("order numbers begin at 1001", async () => {
    expect((await anOrderRow(app)).number).toBeGreaterThan(1000);
    const { rows } = await owner.query(
      "SELECT start_value::int AS first FROM pg_sequences WHERE sequencename = 'orders_number_seq'",
    );
    expect(rows).toEqual([{ first: 1001 }]);
  });
  test("an order that does not add up, a currency that is none and a quantity of 0 are refused", async () => {
    const { order } = await anOrderRow(app);
    expect(await refusal(app, app.query("UPDATE orders SET total = 999 WHERE id = $1", [order]))).toBe(CHECK);
    expect(await refusal(app, app.query("UPDATE orders SET currency = 'eur' WHERE id = $1", [order]))).toBe(
      CHECK,
    );
    const { variants } = await aProductRow(app);
    const line = app.query(
      `INSERT INTO order_lines (id, order_id, position, variant_id, title, quantity, unit_amount, total)
       VALUES ($1, $2, 0, $3, 'Tea', 0, 100, 0)`,
      [randomUUID(), order, variants[0]],
    );
    expect(await refusal(app, line)).toBe(CHECK);
  });
});

describe("npm run migrate", () => {
  const run = (command: string) =>
    execFileSync(process.execPath, [join("dist", "scripts", "migrate.js"), command], {
      encoding: "utf8",
      env: { ...process.env, DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl },
    });

  test("the migrations make what prisma/schema.prisma says", () => {
    expect(run("drift")).toBe("No change.\n");
  });
  test("a migrated database has nothing to apply", () => {
    expect(run("deploy")).toBe("Nothing to apply.\n");
    expect(JSON.parse(run("status"))).toMatchObject({
      failedMigrationNames: [],
      editedMigrationNames: [],
      history: null,
    });
  });
});
