import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, refreshPriceRanges } from "./support/builders";
import { type CartAnswer, cartsOf, checkOutWith } from "./support/carts";
import { aProvider } from "./support/providers";

let app: TestApp;
let carts: ReturnType<typeof cartsOf>;
beforeAll(async () => {
  app = await startTestApp({}, { providers: [aProvider()] });
  carts = cartsOf(app);
  await aZone(app.db);
});
afterAll(async () => {
  await app.close();
});

const uuidOf = (cartId: string) => readId("cart", cartId) ?? "";
const line = (product: { variant: { id: string } }, quantity?: number) => ({
  variantId: product.variant.id,
  ...(quantity !== undefined && { quantity }),
});

describe("what a checkout does to it", () => {
  const editsOf = (cart: CartAnswer, product: { variant: { id: string } }) =>
    [
      ["addCartLines", { cartId: cart.id, lines: [line(product)] }],
      ["updateCartLines", { cartId: cart.id, lines: [{ lineId: cart.lines[0]?.id, quantity: 2 }] }],
      ["updateCart", { cartId: cart.id, email: "bob@example.test" }],
    ] as const;

  test("while nobody knows whether it was paid it is frozen", async () => {
    const tea = await aProduct(app.db, { stock: 1 });
    const cart = await carts.ready(tea);
    expect((await checkOutWith(app, cart, "silence")).userErrors).toEqual([]);
    for (const [field, input] of editsOf(cart, tea))
      expect(await carts.refusal(field, input)).toEqual(["CHECKOUT_IN_PROGRESS", "cartId"]);
    const { cart: frozen } = await carts.read(cart.id);
    expect(frozen).toMatchObject({ blockers: ["CHECKOUT_IN_PROGRESS"], warnings: [], lines: cart.lines });
  });

  test("after a decline it can be changed", async () => {
    const tea = await aProduct(app.db);
    const cart = await carts.ready(tea);
    expect((await checkOutWith(app, cart, "decline")).userErrors).toEqual([{ code: "PAYMENT_DECLINED" }]);
    for (const [field, input] of editsOf(cart, tea)) await carts.cart(field, input);
    expect((await carts.read(cart.id)).cart).toMatchObject({ blockers: [], order: { status: "PENDING" } });
  });

  test("ordered, it is final, and shows what it was ordered at", async () => {
    const tea = await aProduct(app.db, { stock: 1 });
    const cart = await carts.ready(tea);
    const { order } = await checkOutWith(app, cart, "success");
    for (const [field, input] of editsOf(cart, tea))
      expect(await carts.refusal(field, input)).toEqual(["CART_ALREADY_ORDERED", "cartId"]);
    await app.db.price.updateMany({ where: { variantId: tea.variant.uuid }, data: { amount: 777n } });
    await refreshPriceRanges(app.db, tea.uuid);
    const { cart: ordered } = await carts.read(cart.id);
    expect(ordered).toMatchObject({
      ...{ blockers: ["CART_ALREADY_ORDERED"], warnings: [], lines: cart.lines, totals: cart.totals },
      order: { id: order?.id, status: "OPEN" },
    });
  });

  test("an edit that waited behind a checkout sees it", async () => {
    const tea = await aProduct(app.db);
    const cart = await carts.ready(tea);
    const soon = () => new Promise((resolve) => setTimeout(resolve, 300)); // until it waits for the cart's lock
    const waiting: Promise<unknown>[] = [];
    await app.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id::text FROM carts WHERE id = ${uuidOf(cart.id)}::uuid FOR NO KEY UPDATE`;
      waiting.push(checkOutWith(app, cart, "silence"));
      await soon();
      waiting.push(carts.change("addCartLines", { cartId: cart.id, lines: [line(tea)] }));
      await soon();
    });
    const [checkout, edit] = await Promise.all(waiting);
    expect(checkout).toMatchObject({ userErrors: [] });
    expect(edit).toMatchObject({ userErrors: [{ code: "CHECKOUT_IN_PROGRESS", path: ["cartId"] }] });
  });
});
