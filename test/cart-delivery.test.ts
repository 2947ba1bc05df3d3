import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone } from "./support/builders";
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

const uuidOf = (cartId: string) => readId("cart", cartId) ?? "";
const line = (product: { variant: { id: string } }, quantity?: number) => ({
  variantId: product.variant.id,
  ...(quantity !== undefined && { quantity }),
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

  test("a delivery that the shop withdraws is no cart's any more, whatever is changed next", async () => {
    const zone = await aZone(app.db, { countries: ["NZ"] });
    const tea = await aProduct(app.db, { prices: { EUR: 999n } });
    const { id: cartId } = await carts.cart("createCart", { lines: [line(tea)] });
    const there = { shippingAddress: anAddress({ country: "NZ" }), deliveryHandle: "standard" };
    expect((await carts.cart("updateCart", { cartId, ...there })).delivery).toMatchObject({
      handle: "standard",
    });
    await app.db.deliveryOption.deleteMany({ where: { zone: { handle: zone.handle } } });
    const changes = [
      { email: "ann@example.test" },
      { billingAddress: anAddress() },
      { shippingAddress: anAddress({ country: "NZ" }) },
    ];
    for (const change of changes) {
      const cart = await carts.cart("updateCart", { cartId, ...change });
      expect(cart).toMatchObject({
        delivery: null,
        deliveryOptions: [],
        totals: { shipping: { amount: 0 } },
      });
      expect(cart.blockers).toContain("DELIVERY_MISSING");
    }
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
