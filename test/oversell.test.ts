import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf, tally } from "./support/checkouts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
});
afterAll(() => app.close());

const stockOf = (variantId: string) => app.db.stock.findFirstOrThrow({ where: { variantId } });

/** Carts are filled a few at a time; it is the checkouts that come all at once. */
async function fullCarts(count: number, lines: (index: number) => { variantId: string }[]) {
  const carts = [];
  for (let first = 0; first < count; first += 20)
    carts.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(20, count - first) }, (_, index) =>
          aFullCart(app.ask, null, ...lines(first + index)),
        ),
      )),
    );
  return carts;
}

test("200 buyers at once, 50 in stock: 50 orders, the others OUT_OF_STOCK, none shed", async () => {
  const { variant } = await aProduct(app.db, { stock: 50 });
  const carts = await fullCarts(200, () => [{ variantId: variant.id }]);
  const answers = await Promise.all(carts.map((cart) => checkOut(app.ask, cart)));
  expect(tally(answers.map(resultOf))).toEqual({ OK: 50, OUT_OF_STOCK: 150 });
  const paid = answers.map(({ data }) => data.checkout.order).filter(Boolean);
  expect(tally(paid.map((order) => `${order.status} ${order.paymentStatus}`))).toEqual({ "OPEN PAID": 50 });
  expect(await stockOf(variant.uuid)).toMatchObject({ onHand: 50, reserved: 50 });
  expect(await app.db.order.count()).toBe(50);
  const [{ charges }] = await app.db.$queryRaw<[{ charges: number }]>`
    SELECT count(*)::int AS charges FROM sandbox.movements WHERE kind = 'AUTHORIZE' AND state = 'SUCCEEDED'`;
  expect(charges).toBe(50);
});

test("stock that is not tracked, or sold beyond what is there, never runs out", async () => {
  const [endless, backorder] = [
    await aProduct(app.db, { tracked: false, stock: 0 }),
    await aProduct(app.db, { oversell: true, stock: 1 }),
  ];
  const both = [{ variantId: endless.variant.id }, { variantId: backorder.variant.id, quantity: 2 }];
  const carts = await fullCarts(5, () => both);
  const answers = await Promise.all(carts.map((cart) => checkOut(app.ask, cart)));
  expect(tally(answers.map(resultOf))).toEqual({ OK: 5 });
  expect(await stockOf(backorder.variant.uuid)).toMatchObject({ onHand: 1, reserved: 10 });
});

test("an order takes all of its lines or none, and says which one is short", async () => {
  const [tea, mug] = [
    await aProduct(app.db, { stock: 5 }),
    await aProduct(app.db, { title: "Mug", stock: 2 }),
  ];
  const wanted = [{ variantId: tea.variant.id }, { variantId: mug.variant.id, quantity: 2 }];
  const [first, second] = await fullCarts(2, () => wanted);
  if (!first || !second) throw new Error("two carts");
  expect(resultOf(await checkOut(app.ask, first))).toBe("OK");
  const { data } = await checkOut(app.ask, second);
  expect(data.checkout.userErrors).toEqual([
    { code: "OUT_OF_STOCK", message: "There is not enough in stock of Mug.", path: ["cartId"] },
  ]);
  expect(await stockOf(tea.variant.uuid)).toMatchObject({ reserved: 1 });
});

test("carts with the same goods in reverse order, 100 at once: all are sold", async () => {
  const goods = await Promise.all(Array.from({ length: 4 }, () => aProduct(app.db, { stock: 100 })));
  const lines = goods.map(({ variant }) => ({ variantId: variant.id }));
  const carts = await fullCarts(100, (index) => (index % 2 ? lines : [...lines].reverse()));
  const answers = await Promise.all(carts.map((cart) => checkOut(app.ask, cart)));
  expect(tally(answers.map(resultOf))).toEqual({ OK: 100 });
  for (const { variant } of goods) expect(await stockOf(variant.uuid)).toMatchObject({ reserved: 100 });
});

test("carts that sell out several products at once, in reverse order: nobody meets an error", async () => {
  const goods = await Promise.all(Array.from({ length: 4 }, () => aProduct(app.db, { stock: 10 })));
  const lines = goods.map(({ variant }) => ({ variantId: variant.id }));
  const carts = await fullCarts(40, (index) => (index % 2 ? lines : [...lines].reverse()));
  const answers = await Promise.all(carts.map((cart) => checkOut(app.ask, cart)));
  expect(tally(answers.map(resultOf))).toEqual({ OK: 10, OUT_OF_STOCK: 30 });
  for (const { uuid } of goods)
    expect(await app.db.product.findUniqueOrThrow({ where: { id: uuid } })).toMatchObject({
      available: false,
    });
});
