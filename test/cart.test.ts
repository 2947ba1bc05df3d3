import { randomUUID } from "node:crypto";
import { readId, toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, recount, refreshPriceRanges } from "./support/builders";
import { type CartAnswer, cartsOf, checkOutWith } from "./support/carts";
import { aProvider } from "./support/providers";
import { expectBooksInOrder } from "./support/verify";

let app: TestApp;
let carts: ReturnType<typeof cartsOf>;
beforeAll(async () => {
  app = await startTestApp({}, { providers: [aProvider()] });
  carts = cartsOf(app);
  await aZone(app.db);
});
afterAll(async () => {
  await expectBooksInOrder(app.platform);
  await app.close();
});

const uuidOf = (cartId: string) => readId("cart", cartId) ?? "";
const line = (product: { variant: { id: string } }, quantity?: number) => ({
  variantId: product.variant.id,
  ...(quantity !== undefined && { quantity }),
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
    const names = ["Short", "Empty", "Dearer", "Hidden", "Priceless", "Endless"] as const;
    const all = await Promise.all(names.map((title) => aProduct(app.db, { title, stock: 10 })));
    const [short, empty, dearer, hidden, priceless, endless] = all as [
      (typeof all)[0],
      (typeof all)[0],
      (typeof all)[0],
      (typeof all)[0],
      (typeof all)[0],
      (typeof all)[0],
    ];
    const cart = await carts.cart("createCart", { lines: all.map((product) => line(product, 4)) });
    expect(cart.warnings).toEqual([]);
    await recount(app.db, short.variant.uuid, 2);
    await recount(app.db, empty.variant.uuid, 0);
    await app.db.stock.updateMany({ where: { variantId: endless.variant.uuid }, data: { oversell: true } });
    await recount(app.db, endless.variant.uuid, 0);
    await app.db.price.updateMany({ where: { variantId: dearer.variant.uuid }, data: { amount: 650n } });
    await app.db.price.deleteMany({ where: { variantId: priceless.variant.uuid } });
    for (const { uuid } of [dearer, priceless]) await refreshPriceRanges(app.db, uuid);
    await app.db.product.update({ where: { id: hidden.uuid }, data: { status: "ARCHIVED" } });
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

describe("where it goes", () => {
  test("flat and free-above rates, tax included or added, by the address's zone", async () => {
    const express = { handle: "express", rates: { EUR: { amount: 990n } } };
    const plain = { handle: "standard", rates: { EUR: { amount: 500n, freeAbove: 2000n } } };
    const added = { taxRate: 72_500, taxIncluded: false };
    await aZone(app.db, { countries: ["US", "CA"], ...added, options: [plain, express] });
    const tea = await aProduct(app.db, { prices: { EUR: 999n } });
    const { id: cartId } = await carts.cart("createCart", { lines: [line(tea)] });
    const abroad = { cartId, shippingAddress: anAddress({ country: "US" }), deliveryHandle: "express" };
    const there = await carts.cart("updateCart", abroad);
    expect(there.totals).toEqual({
      subtotal: { amount: 999 },
      discount: { amount: 0 },
      shipping: { amount: 990 },
      tax: { amount: 144 }, // 144.2025
      taxIncluded: false,
      total: { amount: 2133 },
    });
    const home = await carts.cart("updateCart", { cartId, shippingAddress: anAddress() });
    expect(home).toMatchObject({ delivery: null, totals: { tax: { amount: 160 }, total: { amount: 999 } } });
    expect(home.blockers).toEqual(["EMAIL_MISSING", "DELIVERY_MISSING"]);
    const back = await carts.cart("updateCart", { cartId, shippingAddress: anAddress({ country: "CA" }) });
    expect(back.delivery).toBeNull(); // what was unset stays unset
    await carts.cart("updateCart", { cartId, deliveryHandle: "standard" });
    const more = await carts.cart("addCartLines", { cartId, lines: [line(tea, 2)] });
    expect(more.delivery).toEqual({ handle: "standard", price: { amount: 0 } });
    expect(more.deliveryOptions.map(({ handle, price }) => [handle, price.amount])).toEqual([
      ["standard", 0],
      ["express", 990],
    ]);
    const nowhere = await carts.cart("updateCart", { cartId, shippingAddress: anAddress({ country: "AQ" }) });
    expect(nowhere).toMatchObject({ deliveryOptions: [], delivery: null, totals: { tax: { amount: 0 } } });
    const unknown = { cartId, deliveryHandle: "standard" };
    expect(await carts.refusal("updateCart", unknown)).toEqual(["DELIVERY_NOT_AVAILABLE", "deliveryHandle"]);
  });

  test("a field left out stays, null removes", async () => {
    const { id: cartId } = await carts.cart("createCart", { email: " Ann@Example.test " });
    await carts.cart("updateCart", { cartId, shippingAddress: anAddress(), deliveryHandle: "standard" });
    const whole = await carts.cart("updateCart", { cartId, billingAddress: anAddress({ name: "Office" }) });
    expect(whole).toMatchObject({
      email: "ann@example.test",
      shippingAddress: { name: "Ann Example" },
      billingAddress: { name: "Office" },
      delivery: { handle: "standard" },
    });
    const nothing = { email: null, shippingAddress: null, billingAddress: null, deliveryHandle: null };
    const bare = await carts.cart("updateCart", { cartId, ...nothing });
    expect(bare).toMatchObject({ email: null, shippingAddress: null, billingAddress: null, delivery: null });
  });

  test("what a buyer typed is ciphertext in the database", async () => {
    const { id } = await carts.cart("createCart", { email: "canary@example.test" });
    await carts.cart("updateCart", { cartId: id, shippingAddress: anAddress({ name: "Canary Bird" }) });
    const row = await app.db.cart.findUniqueOrThrow({
      where: { id: uuidOf(id) },
      include: { dataKey: true },
    });
    expect(row).toMatchObject({
      emailCipher: expect.any(Uint8Array),
      shippingCipher: expect.any(Uint8Array),
    });
    const stored = JSON.stringify(row, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );
    expect(stored.toLowerCase()).not.toContain("canary");
  });
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

describe("odd input", () => {
  test("each gets the contract's code", async () => {
    const tea = await aProduct(app.db);
    const archived = await aProduct(app.db);
    await app.db.variant.update({ where: { id: archived.variant.uuid }, data: { archivedAt: new Date() } });
    await refreshPriceRanges(app.db, archived.uuid);
    const dollars = await aProduct(app.db, { prices: { USD: 700n } });
    const { id: cartId, lines } = await carts.cart("createCart", { lines: [line(tea)] });
    const lineId = lines[0]?.id;
    const create = (input: object) => carts.refusal("createCart", input);
    const add = (one: object) => carts.refusal("addCartLines", { cartId, lines: [one] });
    const set = (one: object) => carts.refusal("updateCartLines", { cartId, lines: [one] });
    const update = (input: object) => carts.refusal("updateCart", { cartId, ...input });
    const nobody = toId("cart", randomUUID());

    for (const variantId of ["", "tea", "var_0", tea.id, `${tea.variant.id}\0`, toId("var", randomUUID())])
      expect(await add({ variantId })).toEqual(["VARIANT_NOT_FOUND", "lines", "0", "variantId"]);
    for (const product of [archived, dollars])
      expect(await create({ lines: [line(tea), line(product)] })).toEqual([
        "VARIANT_NOT_FOUND",
        "lines",
        "1",
        "variantId",
      ]);
    for (const quantity of [0, -1, 1000, 2 ** 31 - 1, -(2 ** 31)])
      expect(await add(line(tea, quantity))).toEqual(["QUANTITY_INVALID", "lines", "0", "quantity"]);
    for (const quantity of [-1, 1000, 2 ** 31 - 1])
      expect(await set({ lineId, quantity })).toEqual(["QUANTITY_INVALID", "lines", "0", "quantity"]);
    expect(await set({ lineId: "line_x", quantity: 1 })).toEqual(["LINE_NOT_FOUND", "lines", "0", "lineId"]);
    for (const cart of [nobody, "", "cart_\0", tea.id, "x".repeat(10_000)])
      expect(await carts.refusal("addCartLines", { cartId: cart, lines: [] })).toEqual([
        "CART_NOT_FOUND",
        "cartId",
      ]);
    expect(await carts.refusal("updateCart", { cartId: nobody })).toEqual(["CART_NOT_FOUND", "cartId"]);
    for (const email of ["", "ann", "a\0@example.test", `${"a".repeat(10_000)}@example.test`]) {
      expect(await create({ email })).toEqual(["EMAIL_INVALID", "email"]);
      expect(await update({ email })).toEqual(["EMAIL_INVALID", "email"]);
    }
    expect(await create({ currency: "XXX" })).toEqual(["CURRENCY_NOT_OFFERED", "currency"]);
    const addresses = {
      city: " ",
      country: "XX",
      line1: "a\0b",
      name: "x".repeat(201),
      postalCode: "\ud800",
    };
    for (const [field, value] of Object.entries(addresses))
      expect(await update({ shippingAddress: anAddress({ [field]: value }) })).toEqual([
        "ADDRESS_INVALID",
        "shippingAddress",
        field,
      ]);
    expect(await update({ shippingAddressId: "addr_x" })).toEqual(["ADDRESS_INVALID", "shippingAddressId"]);
    for (const deliveryHandle of ["", "teleport", "a\0", "x".repeat(10_000)])
      expect(await update({ deliveryHandle })).toEqual(["DELIVERY_NOT_AVAILABLE", "deliveryHandle"]);
    expect((await carts.read(cartId)).cart?.lines).toEqual(lines);
  });

  test("what the types do not allow is BAD_USER_INPUT, and a query's id too", async () => {
    const tea = await aProduct(app.db);
    for (const quantity of [1.5, 2 ** 31, "1", null])
      await expect(carts.change("createCart", { lines: [{ ...line(tea), quantity }] })).rejects.toThrow(
        "BAD_USER_INPUT",
      );
    await expect(carts.change("createCart", { currency: "eur" })).rejects.toThrow("BAD_USER_INPUT");
    expect((await carts.read("cart_x")).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await carts.read(tea.id)).codes).toEqual(["BAD_USER_INPUT"]);
    expect((await carts.read(toId("cart", randomUUID()))).codes).toEqual(["NOT_FOUND"]);
  });

  test("explicit nulls are the defaults", async () => {
    const cart = await carts.cart("createCart", { lines: null, currency: null, email: null });
    expect(cart).toMatchObject({
      currency: "EUR",
      email: null,
      lines: [],
      blockers: expect.arrayContaining(["CART_EMPTY"]),
    });
  });
});

test("shop", async () => {
  const { data } = await app.ask(
    null,
    "{ shop { name currencies countries paymentProviders { handle publishableKey } version } }",
  );
  expect(data.shop).toMatchObject({
    currencies: ["EUR", "USD"],
    countries: expect.arrayContaining(["DE"]),
    paymentProviders: [{ handle: "test", publishableKey: null }],
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(data.shop.countries).not.toContain("FR");
  await aZone(app.db, { countries: [] });
  const everywhere = await app.ask(null, "{ shop { countries } }");
  expect(everywhere.data.shop.countries).toHaveLength(249);
});
