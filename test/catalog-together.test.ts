import { request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";
import { holdTable } from "./support/hold-table";
import { aShopkeeper, type Shopkeeper } from "./support/listing";

let app: TestApp;
let keeper: Shopkeeper;
const products: { handle: string; id: string }[] = [];
beforeAll(async () => {
  app = await startTestApp({ RESPONSE_CACHE_MB: "0" });
  keeper = await aShopkeeper(app);
  for (let made = 0; made < 8; made++) {
    const { id } = await keeper.lists({
      title: `Widget ${unique()}`,
      status: made === 7 ? "DRAFT" : "ACTIVE",
    });
    const { product } = (
      await app.ask(keeper.token, "query($id: ID!) { product(id: $id) { handle } }", { id })
    ).data;
    products.push({ id, handle: product.handle });
  }
});
afterAll(() => app.close());

const PRODUCT =
  "query($handle: String!) { productByHandle(handle: $handle) { id handle tags variants { sku } } }";
const at = (place: number) => products[place] as { handle: string; id: string };
const asks = (token: string | null, place: number) => app.ask(token, PRODUCT, { handle: at(place).handle });

/** How many statements read documents of products while `work` runs. */
async function countReads(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    const texts = query.mock.calls.map(([asked]) => (asked as unknown as { text?: string }).text ?? "");
    return texts.filter((text) => text.includes("product_documents")).length;
  } finally {
    query.mockRestore();
  }
}

/** Lets one read of a product wait for its table, with `work` behind it. */
async function behindAnother<Done>(work: () => Done): Promise<Done> {
  const table = await holdTable(app.database, "product_documents");
  const first = asks(null, 0);
  while ((await table.waiting()) < 1) await wait(5);
  const done = work();
  await wait(300);
  expect(await table.waiting()).toBe(1); // nobody else asks the database
  await table.release();
  expect((await first).status).toBe(200);
  return done;
}

test("products that many ask for at the same moment are read by one statement, and each gets his own", async () => {
  const reads = await countReads(async () => {
    const asked = Array.from({ length: 18 }, (_, n) => n % 7);
    const answers = await Promise.all(await behindAnother(() => asked.map((place) => asks(null, place))));
    expect(answers.map(({ data }) => data.productByHandle.id)).toEqual(asked.map((place) => at(place).id));
  });
  expect(reads).toBe(2);
});

test("what only staff may see is shown to them alone, also when a guest asks with them", async () => {
  const reads = await countReads(async () => {
    const [guest, staff, other] = await Promise.all(
      await behindAnother(() => [asks(null, 7), asks(keeper.token, 7), asks(null, 1)]),
    );
    expect([guest?.data, staff?.data.productByHandle.id]).toEqual([{ productByHandle: null }, at(7).id]);
    expect(other?.data.productByHandle.id).toBe(at(1).id);
  });
  expect(reads).toBe(2);
});

test("a client that hangs up doesn't take the others' answers with it", async () => {
  const [, answer] = await behindAnother(() => {
    const sent = request(app.url, { method: "POST", headers: { "content-type": "application/json" } });
    sent.on("error", () => undefined);
    sent.end(JSON.stringify({ query: PRODUCT, variables: { handle: at(2).handle } }));
    setTimeout(() => sent.destroy(), 100);
    return [sent, asks(null, 3)] as const;
  });
  expect((await answer).data.productByHandle.id).toBe(at(3).id);
});

test("whoever reads after a change reads the change, also when others are being answered", async () => {
  const { handle, id } = at(4);
  let stop = false;
  const crowd = Array.from({ length: 4 }, async () => {
    while (!stop) await asks(null, 4);
  });
  for (let round = 0; round < 20; round++) {
    await keeper.lists({ id, title: "Widget", tags: [`round ${round}`] });
    expect((await app.ask(null, PRODUCT, { handle })).data.productByHandle.tags).toEqual([`round ${round}`]);
  }
  stop = true;
  await Promise.all(crowd);
});

test("a read that takes too long is answered 503 to all who asked with it, and the next one works", async () => {
  const table = await holdTable(app.database, "product_documents");
  const asked = performance.now();
  const answers = await Promise.all([asks(null, 0), asks(null, 1), asks(null, 2)]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(performance.now() - asked).toBeLessThan(5_500); // two statements, one after the other
  await table.release();
  expect((await asks(null, 0)).status).toBe(200);
});
