import { randomUUID } from "node:crypto";
import { toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, refreshPriceRanges } from "./support/builders";
import { cartsOf } from "./support/carts";
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
