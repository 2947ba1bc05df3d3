import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, unique } from "./support/builders";
import { holdTable } from "./support/hold-table";
import { ordersOf } from "./support/orders";
import { aPerson, type Person } from "./support/person";

let app: TestApp;
let anOrder: ReturnType<typeof ordersOf>;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
  const tea = await aProduct(app.db, { sku: `TEA-${unique()}`, stock: 100 });
  anOrder = ordersOf(app, tea.variant.id);
});
afterAll(() => app.close());

const MINE = `query($first: Int, $after: String) {
  me { orders(first: $first, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } totalCount } } }`;
const mine = async ({ token }: Person, variables: object = {}) => {
  const { data } = await app.ask(token, MINE, variables);
  return data.me.orders as {
    nodes: { id: string }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
    totalCount: number;
  };
};

/** How many statements look for orders while `work` runs behind one that waits for their table. */
async function countReads(first: Person, work: () => Promise<unknown>): Promise<number> {
  const table = await holdTable(app.database, "orders");
  const held = mine(first);
  while ((await table.waiting()) < 1) await wait(5);
  const query = jest.spyOn(pg.Client.prototype, "query");
  try {
    const done = work();
    await wait(300);
    await table.release();
    await Promise.all([held, done]);
    const texts = query.mock.calls.map(([asked]) => (asked as unknown as { text?: string }).text ?? "");
    return texts.filter((text) => text.includes("FROM orders o")).length;
  } finally {
    query.mockRestore();
  }
}

test("own orders that many ask for at the same moment are read by one statement, and each gets his own", async () => {
  const people = [await aPerson(app), await aPerson(app), await aPerson(app)];
  const [ann, bob, cleo] = people as [Person, Person, Person];
  const placed = new Map<Person, string[]>(people.map((person) => [person, []]));
  for (const buyer of [ann, bob, ann, bob, bob]) placed.get(buyer)?.unshift((await anOrder(buyer)).id);
  await mine(cleo); // signed in before
  const reads = await countReads(cleo, async () => {
    const askers = [ann, bob, cleo, bob, ann];
    const found = await Promise.all(askers.map((person) => mine(person)));
    expect(found.map(({ nodes }) => nodes.map(({ id }) => id))).toEqual(
      askers.map((person) => placed.get(person)),
    );
    expect(found.map(({ totalCount }) => totalCount)).toEqual([2, 3, 0, 3, 2]);
  });
  expect(reads).toBe(1);
});

test("pages of other sizes and further pages are statements of their own", async () => {
  const dora = await aPerson(app);
  const placed: string[] = [];
  for (const _ of [1, 2, 3]) placed.unshift((await anOrder(dora)).id);
  const { pageInfo } = await mine(dora, { first: 1 });
  expect(pageInfo.hasNextPage).toBe(true);
  const [two, rest, unheard] = await Promise.all([
    mine(dora, { first: 2 }),
    mine(dora, { first: 2, after: pageInfo.endCursor }),
    mine(await aPerson(app), { first: 2 }),
  ]);
  expect([two, rest, unheard].map(({ nodes }) => nodes.map(({ id }) => id))).toEqual([
    placed.slice(0, 2),
    placed.slice(1),
    [],
  ]);
  expect([two, rest, unheard].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false, false]);
});
