import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { importProducts, type RefusedRow } from "../src/catalog";
import { toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf, tally } from "./support/checkouts";

const SCRIPT = resolve("dist/scripts/import.js");
const APPAREL = join(__dirname, "data/apparel.csv");
const HEADER =
  "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app.close();
});

/** Imports a text, or a file from its path. */
async function load(source: { text: string } | { file: string }) {
  const refused: RefusedRow[] = [];
  const input = "file" in source ? createReadStream(source.file) : Readable.from([source.text]);
  const counts = await importProducts(app.platform, input, { onRefused: (row) => refused.push(row) });
  return { counts, refused };
}

const PRODUCT = `query ($handle: String!) { productByHandle(handle: $handle) {
  title descriptionHtml vendor productType tags status version updatedAt available images { url } options { name values }
  variants { title sku available price { decimal } compareAtPrice { decimal } } } }`;
const read = async (handle: string) => (await app.ask(null, PRODUCT, { handle })).data.productByHandle;

test("a real export comes in beside a running server, and shoppers see and find it", async () => {
  const { counts, refused } = await load({ file: APPAREL });
  expect(counts).toEqual({ rows: 22, created: 20, updated: 0, unchanged: 0, refused: 0 });
  expect(refused).toEqual([]);
  expect(await read("classic-varsity-top")).toMatchObject({
    title: "Classic Varsity Top",
    vendor: "partners-demo",
    tags: ["women"],
    status: "ACTIVE",
    available: true,
    options: [{ name: "Size", values: ["Small", "Medium", "Large"] }],
    variants: ["Small", "Medium", "Large"].map((title) => ({
      title,
      available: true,
      price: { decimal: "60.00" },
    })),
  });
  expect((await read("ocean-blue-shirt")).variants).toMatchObject([
    { title: "Default", price: { decimal: "50.00" } },
  ]);
  const { data } = await app.ask(null, `{ search(query: "leather jacket") { nodes { handle } } }`);
  expect(data.search.nodes[0].handle).toBe("classic-leather-jacket");
});

test("a second run changes nothing", async () => {
  const before = await app.db.product.findMany({ orderBy: { id: "asc" } });
  const events = await app.db.outboxEvent.count();
  const { counts } = await load({ file: APPAREL });
  expect(counts).toEqual({ rows: 22, created: 0, updated: 0, unchanged: 20, refused: 0 });
  expect(await app.db.product.findMany({ orderBy: { id: "asc" } })).toEqual(before);
  expect(await app.db.outboxEvent.count()).toBe(events);
});

test("a changed file updates what it changes; a column it lacks leaves its field alone", async () => {
  await load({
    text: "Handle,Title,Vendor,Variant Price,Variant Compare At Price,Variant SKU\nmug,Mug,Tide,9.50,12,MUG-1\n",
  });
  const { counts } = await load({ text: "Handle,Title,Variant Price,Variant SKU\nmug,Big Mug,10,MUG-1\n" });
  expect(counts).toMatchObject({ updated: 1, created: 0 });
  expect(await read("mug")).toMatchObject({
    title: "Big Mug",
    vendor: "Tide",
    version: 2,
    variants: [{ price: { decimal: "10.00" }, compareAtPrice: { decimal: "12.00" } }],
  });
});

test("refused rows are named and everything else is imported", async () => {
  const taken = await aProduct(app.db);
  const { counts, refused } = await load({
    text: `${HEADER}
cup,Cup,Size,S,CUP-S,"1,00",shopify,5
cup,,,M,CUP-M,2.00,shopify,5
cup,,,L,${taken.variant.sku},3.00,shopify,5
jar,,Size,S,JAR-S,1.00,,
pot,Pot,,,${taken.variant.sku},1.00,,
tin,Tin,,,TIN,1.005,,
lid,Lid,,,LID,4.00,,
`,
  });
  expect(counts).toEqual({ rows: 7, created: 2, updated: 0, unchanged: 0, refused: 5 });
  expect(refused.sort((a, b) => a.line - b.line)).toEqual([
    { line: 2, handle: "cup", reason: 'Variant Price "1,00" is not an amount of EUR' },
    { line: 4, handle: "cup", reason: `Another variant has this SKU. (${taken.variant.sku})` },
    { line: 5, handle: "jar", reason: "Title is empty" },
    { line: 6, handle: "pot", reason: `Another variant has this SKU. (${taken.variant.sku})` },
    { line: 7, handle: "tin", reason: 'Variant Price "1.005" is not an amount of EUR' },
  ]);
  expect((await read("cup")).variants).toMatchObject([
    { title: "M", sku: "CUP-M", price: { decimal: "2.00" } },
  ]);
  expect((await read("lid")).variants).toHaveLength(1);
});

test("HTML is cleaned before it is stored", async () => {
  await load({
    text: 'Handle,Title,Body (HTML),Variant Price\nevil,Evil,"<p onclick=""x()"">Fine</p><script>alert(1)</script>",1\n',
  });
  expect((await read("evil")).descriptionHtml).toBe("<p>Fine</p>");
});

test("a file that breaks off is one clear error; what came before is imported, but no product that it may cut in two", async () => {
  const text = `${HEADER}\nfirst,First,,,F-1,1.00,,\nhalf,Half,Size,S,H-1,1.00,,\nhalf,,,"M,H-2,1.00,,\nlost,Lost,,,L-1,1.00,,\n`;
  await expect(load({ text })).rejects.toThrow("line 4: a quoted field starts here and is never closed");
  expect(await read("first")).toMatchObject({ title: "First" });
  expect([await read("half"), await read("lost")]).toEqual([null, null]);
});

test("imports and buyers meet on the same stock: what was promised is kept", async () => {
  await aZone(app.db);
  const file = (stock: number) => ({ text: `${HEADER}\nrare,Rare,,,RARE-1,5.00,shopify,${stock}\n` });
  await load(file(3));
  const { id: variantId } = await app.db.variant.findFirstOrThrow({ where: { sku: "RARE-1" } });
  const carts = [];
  for (let i = 0; i < 8; i++)
    carts.push(await aFullCart(app.ask, null, { variantId: toId("var", variantId) }));
  const [results] = await Promise.all([
    Promise.all(carts.map(async (cart) => resultOf(await checkOut(app.ask, cart)))),
    load(file(2)),
    load(file(1)),
  ]);
  const { OK = 0, OUT_OF_STOCK = 0 } = tally(results);
  expect(OK + OUT_OF_STOCK).toBe(8);
  const stock = await app.db.stock.findFirstOrThrow({ where: { variantId } });
  expect(stock.reserved).toBe(OK);
  expect(stock.onHand).toBeGreaterThanOrEqual(stock.reserved);
});

describe("npm run import", () => {
  const run = (file: string) => {
    const { url, ownerUrl } = app.database;
    const { MASTER_KEY, TOKEN_SECRET } = {
      MASTER_KEY: Buffer.alloc(32, 1).toString("base64"),
      TOKEN_SECRET: "t".repeat(32),
    };
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      DATABASE_OWNER_URL: ownerUrl,
      MASTER_KEY,
      TOKEN_SECRET,
    };
    return spawnSync(process.execPath, [SCRIPT, file], { env, encoding: "utf8" });
  };

  test("says what was created, updated, unchanged and refused, and where", () => {
    const folder = mkdtempSync(join(tmpdir(), "tillgraph-import-"));
    const file = join(folder, "goods.csv");
    writeFileSync(file, "Handle,Title,Variant Price\nfork,Fork,1.50\nspoon,Spoon,?\n\x1b[2Jknife,Knife,2\n");
    const { stdout, stderr, status } = run(file);
    rmSync(folder, { recursive: true });
    expect(stderr.split("\n").sort()).toEqual([
      "",
      `${file}:3: spoon: Variant Price "?" is not an amount of EUR`,
      `${file}:4: \uFFFD[2Jknife: Handle contains a control character`,
    ]);
    expect(stdout).toMatch(
      /^goods.csv: 1 products created, 0 updated, 0 unchanged; 3 rows, 2 of them refused in [\d.]+ s\n$/,
    );
    expect(status).toBe(0);
  });

  test.each([
    ["no such file", "gone.csv", /^gone\.csv cannot be read: ENOENT/],
    ["a folder", __dirname, /^\S+ cannot be read: EISDIR/],
    ["another format", __filename, /^\S+: line 1: no column "Handle"/],
    ["nothing", "", /^npm run import -- FILE\.csv/],
  ])("%s is one line and a code that isn't 0", (_what, file, line) => {
    const { stderr, status } = run(file);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(1);
  });
});
