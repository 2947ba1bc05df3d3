import { randomUUID } from "node:crypto";
import { readId, toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, recount, refreshPriceRanges } from "./support/builders";
import { cartsOf } from "./support/carts";
import { aPerson } from "./support/person";
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

const line = (product: { variant: { id: string } }, quantity?: number) => ({
  variantId: product.variant.id,
  ...(quantity !== undefined && { quantity }),
});

test("a cart's id, which opens a guest's, is random and not of its time", async () => {
  const guests = await Promise.all(Array.from({ length: 5 }, () => carts.cart("createCart", {})));
  const person = await aPerson(app);
  const { data } = await app.ask(person.token, "mutation { createCart(input: {}) { cart { id } } }");
  const ids = [...guests, data.createCart.cart].map(({ id }) => readId("cart", id) ?? "");
  expect(ids.map((uuid) => uuid[14])).toEqual(ids.map(() => "4")); // RFC 9562: 122 random bits
  expect(new Set(ids).size).toBe(6);
});

describe("lines", () => {
  test("the same variant twice is one line; a later one adds; 0 removes; an explicit amount is set", async () => {
    const [tea, mug] = [await aProduct(app.db), await aProduct(app.db, { prices: { EUR: 899n } })];
    const made = await carts.cart("createCart", { lines: [line(tea), line(mug, 2), line(tea, 3)] });
    expect(made.lines.map(({ quantity, total }) => [quantity, total.amount])).toEqual([
      [4, 2000],
      [2, 1798],
    ]);
    const added = await carts.cart("addCartLines", { cartId: made.id, lines: [line(mug)] });
    expect(added.lines.map(({ quantity }) => quantity)).toEqual([4, 3]);
    const [first, second] = added.lines.map(({ id }) => id);
    const updates = [
      { lineId: first, quantity: 0 },
      { lineId: second, quantity: 7 },
    ];
    const updated = await carts.cart("updateCartLines", { cartId: made.id, lines: updates });
    expect(updated.lines).toMatchObject([{ id: second, quantity: 7, variant: { id: mug.variant.id } }]);
    expect((await carts.read(made.id)).cart).toEqual(updated);
    const again = { cartId: made.id, lines: [{ lineId: first, quantity: 1 }] };
    expect(await carts.refusal("updateCartLines", again)).toEqual(["LINE_NOT_FOUND", "lines", "0", "lineId"]);
  });

  test("a change is all or nothing", async () => {
    const [tea, gone] = [await aProduct(app.db), await aProduct(app.db, { status: "DRAFT" })];
    const cart = await carts.cart("createCart", { lines: [line(tea)] });
    const add = { cartId: cart.id, lines: [line(tea, 5), line(gone)] };
    expect(await carts.refusal("addCartLines", add)).toEqual([
      "VARIANT_NOT_FOUND",
      "lines",
      "1",
      "variantId",
    ]);
    const lines = [
      { lineId: cart.lines[0]?.id, quantity: 5 },
      { lineId: toId("line", randomUUID()), quantity: 5 },
    ];
    expect(await carts.refusal("updateCartLines", { cartId: cart.id, lines })).toEqual([
      "LINE_NOT_FOUND",
      "lines",
      "1",
      "lineId",
    ]);
    expect((await carts.read(cart.id)).cart).toEqual(cart);
  });

  test("40 changes at once lose nothing", async () => {
    const products = [await aProduct(app.db), await aProduct(app.db)] as const;
    const cart = await carts.cart("createCart", { lines: [line(products[0])] });
    const [wait] = await Promise.all([
      carts.cart("updateCart", { cartId: cart.id, email: "ann@example.test" }),
      carts.cart("updateCart", { cartId: cart.id, shippingAddress: anAddress() }),
      ...Array.from({ length: 40 }, (_, turn) =>
        carts.cart("addCartLines", { cartId: cart.id, lines: [line(products[turn % 2 === 0 ? 0 : 1], 2)] }),
      ),
    ]);
    expect(wait.id).toBe(cart.id);
    const { cart: after } = await carts.read(cart.id);
    expect(after?.lines.map(({ quantity }) => quantity)).toEqual([41, 40]);
    expect(after).toMatchObject({ email: "ann@example.test", shippingAddress: { city: "Hamburg" } });
  });

  test("limits hold however many push at once: 999 pieces a line, 100 lines a cart", async () => {
    const { variants } = await aProduct(app.db, { variants: Array.from({ length: 105 }, () => ({})) });
    const lines = variants.map(({ id }) => ({ variantId: id, quantity: 1 }));
    const cart = await carts.cart("createCart", { lines: lines.slice(0, 95) });
    const adds = await Promise.all(
      lines.slice(95).map((one) => carts.change("addCartLines", { cartId: cart.id, lines: [one] })),
    );
    expect(adds.filter(({ userErrors }) => userErrors[0]?.code === "TOO_MANY_LINES")).toHaveLength(5);
    const [first] = lines;
    const more = await Promise.all(
      Array.from({ length: 4 }, () =>
        carts.change("addCartLines", { cartId: cart.id, lines: [{ ...first, quantity: 400 }] }),
      ),
    );
    const refused = more.flatMap(({ userErrors }) => userErrors);
    expect(refused).toMatchObject([
      { code: "QUANTITY_INVALID", path: ["lines", "0", "quantity"] },
      { code: "QUANTITY_INVALID" },
    ]);
    const { cart: full } = await carts.read(cart.id);
    expect(full?.lines).toHaveLength(100);
    expect(full?.lines[0]?.quantity).toBe(801);
    const tooMany = { cartId: cart.id, lines: [...lines, ...lines] };
    expect(await carts.refusal("addCartLines", tooMany)).toEqual(["TOO_MANY_LINES", "lines"]);
  });

  test("an amount that JSON could not carry is refused, not rounded", async () => {
    const gold = await aProduct(app.db, { prices: { EUR: 9_007_199_254_740_991n } });
    expect(await carts.refusal("createCart", { lines: [line(gold)] })).toEqual([
      "QUANTITY_INVALID",
      "lines",
      "0",
      "quantity",
    ]);
  });

  test("one Idempotency-Key adds once, for the cart it was used with", async () => {
    const tea = await aProduct(app.db);
    const cart = await carts.cart("createCart", { lines: [line(tea)] });
    const key = { "idempotency-key": randomUUID() };
    const add = { cartId: cart.id, lines: [line(tea)] };
    const all = await Promise.all(
      Array.from({ length: 5 }, () => carts.change("addCartLines", add, null, key)),
    );
    for (const { cart: answer } of all) expect(answer.lines[0]?.quantity).toBe(2);
    await expect(carts.change("addCartLines", { ...add, lines: [line(tea, 9)] }, null, key)).rejects.toThrow(
      "IDEMPOTENCY_KEY_REUSED",
    );
  });
});

describe("what moved since", () => {
  test("stock, price and availability are told as warnings and stand in the way of checkout", async () => {
    const named = (title: string) => aProduct(app.db, { title });
    const [short, empty, dearer] = [await named("Short"), await named("Empty"), await named("Dearer")];
    const [hidden, priceless, endless] = [
      await named("Hidden"),
      await named("Priceless"),
      await named("Endless"),
    ];
    const all = [short, empty, dearer, hidden, priceless, endless];
    const cart = await carts.cart("createCart", { lines: all.map((product) => line(product, 4)) });
    expect(cart.warnings).toEqual([]);
    await recount(app.db, short.variant.uuid, 2);
    await recount(app.db, empty.variant.uuid, 0);
    await app.db.stock.updateMany({ where: { variantId: endless.variant.uuid }, data: { oversell: true } });
    await recount(app.db, endless.variant.uuid, 0);
    await app.db.price.updateMany({ where: { variantId: dearer.variant.uuid }, data: { amount: 650n } });
    await app.db.price.deleteMany({ where: { variantId: priceless.variant.uuid } });
    await app.db.product.update({ where: { id: hidden.uuid }, data: { status: "ARCHIVED" } });
    for (const { uuid } of [dearer, priceless, hidden]) await refreshPriceRanges(app.db, uuid);
    const { cart: seen } = await carts.read(cart.id);
    const lineOf = (index: number) => cart.lines[index]?.id;
    expect(seen?.warnings).toEqual([
      { code: "QUANTITY_REDUCED", message: "Only 2 of Short are left.", lineId: lineOf(0) },
      { code: "OUT_OF_STOCK", message: "Empty is out of stock.", lineId: lineOf(1) },
      { code: "PRICE_CHANGED", message: "Dearer costs 6.50 EUR now; it was 5.00.", lineId: lineOf(2) },
      { code: "UNAVAILABLE", message: "Hidden is not sold any more.", lineId: lineOf(3) },
      { code: "UNAVAILABLE", message: "Priceless is not sold any more.", lineId: lineOf(4) },
    ]);
    expect(seen?.blockers).toEqual(
      expect.arrayContaining(["UNAVAILABLE", "OUT_OF_STOCK", "EMAIL_MISSING", "ADDRESS_MISSING"]),
    );
    expect(seen?.lines).toHaveLength(6);
    expect(seen?.lines[3]?.variant.id).toBe(hidden.variant.id);
    const touch = { cartId: cart.id, lines: [{ lineId: lineOf(2), quantity: 1 }] };
    const touched = await carts.cart("updateCartLines", touch);
    expect(touched.warnings.map(({ code }) => code)).not.toContain("PRICE_CHANGED");
  });
});
