import { Readable } from "node:stream";
import pg from "pg";
import { importProducts, type RefusedRow } from "../src/catalog";
import { startTestApp, type TestApp } from "./support/app";
import { holdTable } from "./support/hold-table";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { expectBooksInOrder } from "./support/verify";

/** What saves and imports write for search: sets of few products and of many, and what is locked meanwhile. */

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(() => app.close());

const HEADER = "Handle,Title,Vendor,Variant SKU,Variant Price";
async function load(...pieces: string[][]) {
  const refused: RefusedRow[] = [];
  const input = Readable.from(pieces.map((rows, n) => `${n === 0 ? `${HEADER}\n` : ""}${rows.join("\n")}\n`));
  const counts = await importProducts(app.platform, input, { onRefused: (row) => refused.push(row) });
  return { counts, refused };
}
const rowsOf = (count: number, vendor: string, start = 0) =>
  Array.from(
    { length: count },
    (_, n) => `${vendor}-${start + n},Goods,${vendor},${vendor}-${start + n},1.00`,
  );

const SEARCH = `query($query: String!, $vendor: [String!]) { search(query: $query, first: 1, filter: { vendor: $vendor }) {
  totalCount facets { name values { value count } } } }`;
/** How many products search finds by the vendor's name, by its filter, and counts in its facet. */
async function found(vendor: string) {
  const byName = (await app.ask(null, SEARCH, { query: vendor })).data.search;
  const byFilter = (await app.ask(null, SEARCH, { query: "", vendor: [vendor] })).data.search;
  const facet = byName.facets.find(({ name }: { name: string }) => name === "vendor");
  const counted = facet?.values.find(({ value }: { value: string }) => value === vendor)?.count ?? 0;
  return [byName.totalCount, byFilter.totalCount, counted];
}

test("a set of few products that becomes one of many, and of few again, has each of them", async () => {
  await load(rowsOf(63, "growing"));
  expect(await found("growing")).toEqual([63, 63, 63]);
  for (let n = 63; n < 66; n++) {
    await load(rowsOf(1, "growing", n));
    expect(await found("growing")).toEqual([n + 1, n + 1, n + 1]);
  }
  await load(rowsOf(300, "growing", 66));
  expect(await found("growing")).toEqual([366, 366, 366]);
  await load(rowsOf(360, "growing").map((row) => row.replace(",growing,", ",leaving,")));
  expect(await found("leaving")).toEqual([360, 360, 360]);
  expect((await found("growing")).slice(1)).toEqual([6, 6]);
  await expectBooksInOrder(app.platform);
});

test("words of any script and width are found as they are typed", async () => {
  await keeper.lists({ title: "Ｗｉｄｅ Ångström Größe ﬁne", vendor: "Plain-ASCII (Ltd.)", sku: "ÄB 12/3" });
  for (const query of ["wide", "angstrom", "größe", "fine", "plain ascii ltd", "äb123"])
    expect([query, (await app.ask(null, SEARCH, { query })).data.search.totalCount]).toEqual([query, 1]);
});

test("batches are written in the file's order: a SKU is whose came first", async () => {
  const rows = rowsOf(2_300, "batched");
  rows[2_200] = "batched-2200,Goods,batched,batched-0,1.00";
  const { counts, refused } = await load(rows);
  expect(counts).toEqual({ rows: 2_300, created: 2_299, updated: 0, unchanged: 0, refused: 1 });
  expect(refused).toMatchObject([{ line: 2_202, handle: "batched-2200" }]);
  expect(await found("batched")).toEqual([2_299, 2_299, 2_299]);
});

test("what was read is written while the source is waited for, and its failure ends the import", async () => {
  const written = () => app.db.product.count({ where: { vendor: "failing" } });
  async function* source() {
    yield `${HEADER}\n${rowsOf(1_200, "failing").join("\n")}\n`;
    while ((await written()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    throw new Error("the disk is gone");
  }
  await expect(importProducts(app.platform, source())).rejects.toThrow("the disk is gone");
  expect(await written()).toBeGreaterThan(0);
});

test("a batch that cannot be written ends the import, though the next one is being read", async () => {
  const amend = () => {
    throw new Error("no room left");
  };
  const input = Readable.from([`${HEADER}\n${rowsOf(3_000, "unwritten").join("\n")}\n`]);
  await expect(importProducts(app.platform, input, { amend })).rejects.toThrow("no room left");
  expect(await app.db.product.count({ where: { vendor: "unwritten" } })).toBe(0);
});

/** Those of these sets that nobody has locked. */
const unlocked = (...keys: string[]) => app.db.$queryRaw<{ key: string }[]>`
  SELECT key FROM search_blocks WHERE key = ANY(${keys}::text[]) ORDER BY key FOR UPDATE SKIP LOCKED`;
const untilWaiting = async (waiting: () => Promise<number>) => {
  while ((await waiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
};

test("a save locks what products share only when nothing else is left to do", async () => {
  await keeper.lists({ title: "First", vendor: "Shared" });
  const held = await holdTable(app.database, "outbox_events");
  const save = keeper.lists({ title: "Second", vendor: "Shared" });
  await untilWaiting(held.waiting);
  const free = await unlocked("vendor:Shared", "status:ACTIVE");
  await held.release();
  await save;
  expect(free).toHaveLength(2);
  expect((await found("Shared")).slice(1)).toEqual([2, 2]);
});

test("a sale doesn't wait for the words that a save waits for", async () => {
  await keeper.lists({ title: "Third", vendor: "Worded" });
  const waiting = async () => {
    const [locks] = await app.db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted AND locktype IN ('tuple', 'transactionid')`;
    return locks?.count ?? 0;
  };
  const save = await app.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM search_blocks WHERE key = 'w:third' FOR UPDATE`;
    const saving = keeper.lists({ title: "Third again", vendor: "Worded" });
    await untilWaiting(waiting);
    expect(await unlocked("available:true", "status:ACTIVE")).toHaveLength(2);
    return { saving };
  });
  await save.saving;
  expect((await found("Worded")).slice(1)).toEqual([2, 2]);
});

test("who has no rights on what search counts yet, as servers of before, still saves products", async () => {
  const owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  const role = pg.escapeIdentifier(new URL(app.database.url).username);
  await owner.query(`REVOKE ALL ON search_facets FROM ${role}`);
  expect((await load(rowsOf(2, "unarmed"))).refused).toEqual([]);
  await owner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON search_facets TO ${role}`);
  await owner.end();
  expect(await found("unarmed")).toEqual([2, 2, 2]);
});
