import pg from "pg";
import { parseId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone } from "./support/builders";
import { type CartAnswer, cartsOf } from "./support/carts";
import { countStatements } from "./support/count-statements";

let app: TestApp;
let carts: ReturnType<typeof cartsOf>;
beforeAll(async () => {
  app = await startTestApp();
  carts = cartsOf(app);
  await aZone(app.db);
});
afterAll(() => app.close());

/** A change's answer and the cart as it is read right after it. */
async function both(changed: Promise<CartAnswer>) {
  const answered = await changed;
  return { answered, read: (await carts.read(answered.id)).cart };
}

test("every change answers with the cart as it is after it", async () => {
  const [tea, mug] = [await aProduct(app.db), await aProduct(app.db, { prices: { EUR: 899n } })];
  const lines = [{ variantId: tea.variant.id, quantity: 2 }];
  const made = await both(carts.cart("createCart", { lines, email: "ann@example.test" }));
  const cartId = made.answered.id;
  const change = (field: Parameters<typeof carts.cart>[0], input: object) =>
    both(carts.cart(field, { cartId, ...input }));
  const added = await change("addCartLines", { lines: [{ variantId: mug.variant.id, quantity: 1 }] });
  const lineId = added.answered.lines[0]?.id;
  const all = [
    made,
    added,
    await change("updateCartLines", { lines: [{ lineId, quantity: 0 }] }),
    await change("updateCart", { email: "bob@example.test" }),
    await change("updateCart", { shippingAddress: anAddress() }),
    await change("updateCart", { deliveryHandle: "standard" }),
    await change("updateCart", { shippingAddress: null }),
  ];
  for (const { answered, read } of all) expect(answered).toEqual(read);
  expect(all.map(({ answered }) => answered.totals.total.amount)).toEqual([
    1000, 1899, 899, 899, 899, 1389, 1389,
  ]);
  expect(all.map(({ answered }) => answered.email).slice(2, 5)).toEqual([
    "ann@example.test",
    "bob@example.test",
    "bob@example.test",
  ]);
});

test("of twenty adds at once each answers with its own and those before it", async () => {
  const tea = await aProduct(app.db);
  const { id: cartId } = await carts.cart("createCart", {});
  const lines = [{ variantId: tea.variant.id, quantity: 1 }];
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => carts.cart("addCartLines", { cartId, lines })),
  );
  const quantities = answers.map((cart) => cart.lines[0]?.quantity ?? 0).sort((a, b) => a - b);
  expect(quantities).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test("one statement adds, and tells what the line is; only who asks for more of a variant has it read", async () => {
  const tea = await aProduct(app.db);
  const { id: cartId } = await carts.cart("createCart", {});
  const input = { cartId, lines: [{ variantId: tea.variant.id, quantity: 1 }] };
  const add = (variant: string) => () =>
    app.ask(
      null,
      `mutation($input: AddCartLinesInput!) { addCartLines(input: $input) {
        cart { totals { total { amount } } lines { quantity variant { ${variant} } } } } }`,
      { input },
    );
  expect(await countStatements(add("id sku title"))).toBe(1);
  expect(await countStatements(add("id price { amount } available selectedOptions { value }"))).toBe(2);
});

test("who adds to a cart waits for nobody who has another cart, or the same thing's stock, in hand", async () => {
  const tea = await aProduct(app.db);
  const [other, { id: cartId }] = [await carts.cart("createCart", {}), await carts.cart("createCart", {})];
  const busy = new pg.Client({ connectionString: app.database.ownerUrl });
  await busy.connect();
  try {
    await busy.query("BEGIN");
    await busy.query("SELECT FROM carts WHERE id = $1 FOR UPDATE", [parseId("cart", other.id)]);
    await busy.query("SELECT FROM stocks WHERE variant_id = $1 FOR UPDATE", [tea.variant.uuid]);
    await busy.query("SELECT FROM products WHERE id = $1 FOR UPDATE", [tea.uuid]);
    const lines = [{ variantId: tea.variant.id, quantity: 1 }];
    expect((await carts.cart("addCartLines", { cartId, lines })).lines).toHaveLength(1);
  } finally {
    await busy.end();
  }
});
