import { startTestApp, type TestApp } from "./support/app";
import { aProduct, unique } from "./support/builders";
import { aPerson, type Person } from "./support/person";

let app: TestApp;
let staff: Person;
beforeAll(async () => {
  app = await startTestApp();
  staff = await aPerson(app, "STAFF");
});
afterAll(async () => {
  await app.close();
});

const SET = `mutation($input: SetStockInput!) { setStock(input: $input) { variant { stock available product { available } } userErrors { code path } } }`;
const ADJUST = `mutation($input: AdjustStockInput!) { adjustStock(input: $input) { variant { stock } userErrors { code path } } }`;
const set = async (input: object, headers = {}) =>
  (await app.ask(staff.token, SET, { input }, headers)).data.setStock;
const adjust = async (input: object, headers = {}) =>
  (await app.ask(staff.token, ADJUST, { input }, headers)).data.adjustStock;
const refused = (code: string, ...path: string[]) => ({ variant: null, userErrors: [{ code, path }] });

test("a count is set, the movement says who did it, and the product's availability follows", async () => {
  const { variant } = await aProduct(app.db, { stock: 10 });
  expect(await set({ variantId: variant.id, quantity: 0 })).toEqual({
    variant: { stock: 0, available: false, product: { available: false } },
    userErrors: [],
  });
  expect((await set({ variantId: variant.id, quantity: 4, changeFrom: 0 })).variant).toEqual({
    stock: 4,
    available: true,
    product: { available: true },
  });
  const movements = await app.db.stockMovement.findMany({
    where: { variantId: variant.uuid, kind: "ADJUST" },
    orderBy: { id: "asc" },
  });
  expect(movements.map(({ onHandDelta }) => onHandDelta)).toEqual([-10, 4]);
  expect(movements.every(({ actorId }) => actorId !== null)).toBe(true);
});

test("changeFrom must be the count now", async () => {
  const { variant } = await aProduct(app.db, { stock: 10 });
  expect(await set({ variantId: variant.id, quantity: 5, changeFrom: 9 })).toEqual(
    refused("CHANGED_MEANWHILE", "changeFrom"),
  );
  expect((await set({ variantId: variant.id, quantity: 5, changeFrom: null })).variant.stock).toBe(5);
});

test("setting the count of a variant that wasn't counted starts counting it; adjusting it is refused", async () => {
  const { variant } = await aProduct(app.db, { tracked: false, stock: 0 });
  expect(await adjust({ variantId: variant.id, delta: 1 })).toEqual(refused("STOCK_INVALID", "variantId"));
  expect((await set({ variantId: variant.id, quantity: 0 })).variant).toMatchObject({
    stock: 0,
    available: false,
  });
  expect((await adjust({ variantId: variant.id, delta: 1 })).variant.stock).toBe(1);
});

test("below zero only where it is sold beyond stock", async () => {
  const [strict, loose] = [
    await aProduct(app.db, { stock: 1 }),
    await aProduct(app.db, { stock: 1, oversell: true }),
  ];
  expect(await set({ variantId: strict.variant.id, quantity: -1 })).toEqual(
    refused("STOCK_INVALID", "quantity"),
  );
  expect(await adjust({ variantId: strict.variant.id, delta: -2 })).toEqual(
    refused("STOCK_INVALID", "delta"),
  );
  expect((await adjust({ variantId: loose.variant.id, delta: -2 })).variant.stock).toBe(-1);
});

test.each([
  ["an unknown variant", { variantId: `var_${"0".repeat(26)}`, quantity: 1 }, "NOT_FOUND", "variantId"],
  ["a malformed id", { variantId: "\0", quantity: 1 }, "NOT_FOUND", "variantId"],
])("%s: %s", async (_what, input, code, path) => {
  expect(await set(input)).toEqual(refused(code, path));
});

test("numbers at the edge of 32 bits, and a reason with NUL", async () => {
  const { variant } = await aProduct(app.db, { stock: 1 });
  const variantId = variant.id;
  for (const edge of [2 ** 31 - 1, -(2 ** 31)]) {
    expect(await set({ variantId, quantity: edge })).toEqual(refused("STOCK_INVALID", "quantity"));
    expect(await adjust({ variantId, delta: edge })).toEqual(refused("STOCK_INVALID", "delta"));
  }
  expect(await adjust({ variantId, delta: 1, reason: "\0" })).toEqual(refused("VALUE_INVALID", "reason"));
  expect((await adjust({ variantId, delta: 1, reason: "Found one" })).variant.stock).toBe(2);
});

test("twenty adjustments at once add up; with one key they are one", async () => {
  const { variant } = await aProduct(app.db, { stock: 0 });
  await Promise.all(Array.from({ length: 20 }, () => adjust({ variantId: variant.id, delta: 2 })));
  expect((await adjust({ variantId: variant.id, delta: 0 })).variant.stock).toBe(40);
  const headers = { "idempotency-key": unique().padEnd(8, "0") };
  await Promise.all(Array.from({ length: 5 }, () => adjust({ variantId: variant.id, delta: 1 }, headers)));
  expect((await adjust({ variantId: variant.id, delta: 0 })).variant.stock).toBe(41);
});

test("is for staff", async () => {
  const { variant } = await aProduct(app.db);
  const { token } = await aPerson(app);
  const input = { variantId: variant.id, quantity: 1 };
  expect((await app.ask(null, SET, { input })).codes).toEqual(["UNAUTHENTICATED"]);
  expect((await app.ask(token, SET, { input })).codes).toEqual(["FORBIDDEN"]);
  expect((await app.ask(token, ADJUST, { input: { variantId: variant.id, delta: 1 } })).codes).toEqual([
    "FORBIDDEN",
  ]);
});
