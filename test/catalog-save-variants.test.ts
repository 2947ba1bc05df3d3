import { startTestApp, type TestApp } from "./support/app";
import { aProduct, unique } from "./support/builders";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { eur, savesOf, size } from "./support/saves";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(async () => {
  await app.close();
});
const { save, saved } = savesOf(
  () => app,
  () => keeper.token,
);

describe("variants", () => {
  test("are matched by id, then SKU, then options; the missing ones are archived and come back as they were", async () => {
    const [a, b] = [unique(), unique()];
    const made = await saved({
      title: "Shirt",
      status: "ACTIVE",
      variants: [size("S", { sku: a, stock: 1 }), size("M", { sku: b, stock: 2 }), size("L", { stock: 3 })],
    });
    const [s, m, l] = made.variants;
    const next = await saved({
      id: made.id,
      variants: [size("XL", { id: s.id }), size("XXL", { sku: b }), size("L")],
    });
    expect(next.variants).toMatchObject([
      { id: s.id, title: "XL", sku: a, stock: 1 },
      { id: m.id, title: "XXL", stock: 2 },
      { id: l.id, title: "L", stock: 3 },
    ]);
    const only = await saved({ id: made.id, variants: [size("L", { price: eur(2000) })] });
    expect(only.variants.map(({ id }: { id: string }) => id)).toEqual([l.id]);
    expect(only.priceRange.max.amount).toBe(2000);
    expect(
      (await app.ask(null, "query($id: ID!) { node(id: $id) { id } }", { id: s.id })).data.node,
    ).toBeNull();
    const back = await saved({ id: made.id, variants: [size("L"), size("XL")] });
    expect(back.variants[1]).toMatchObject({ id: s.id, sku: a, stock: 1 });
  });

  test("may swap their SKUs, and take one from an archived variant", async () => {
    const [a, b] = [unique(), unique()];
    const made = await saved({ title: "Swap", variants: [size("S", { sku: a }), size("M", { sku: b })] });
    const [s, m] = made.variants;
    const swapped = await saved({
      id: made.id,
      variants: [size("S", { id: s.id, sku: b }), size("M", { id: m.id, sku: a })],
    });
    expect(swapped.variants).toMatchObject([
      { id: s.id, sku: b },
      { id: m.id, sku: a },
    ]);
    await saved({ id: made.id, variants: [size("M", { id: m.id })] });
    expect((await saved({ title: "Heir", variants: [{ sku: b, price: eur(1) }] })).variants[0].sku).toBe(b);
    expect(
      (await save({ id: made.id, variants: [size("M", { id: m.id }), size("S", { id: s.id })] })).userErrors,
    ).toEqual([{ code: "SKU_TAKEN", path: ["variants", "1", "sku"] }]);
  });

  test("follow options that are renamed, reordered or extended", async () => {
    const red = (color: string, more: object = {}) => ({
      selectedOptions: [
        { name: "Color", value: color },
        { name: "Size", value: "S" },
      ],
      price: eur(1),
      ...more,
    });
    const made = await saved({ title: "Socks", variants: [red("Red"), red("Blue")] });
    const ids = made.variants.map(({ id }: { id: string }) => id);
    const reordered = await saved({
      id: made.id,
      options: [
        { name: "Size", values: ["S", "M"] },
        { name: "Color", values: ["Red", "Blue"] },
      ],
    });
    expect(reordered.variants).toMatchObject([
      { id: ids[0], title: "S / Red" },
      { id: ids[1], title: "S / Blue" },
    ]);
    const matched = await saved({ id: made.id, variants: [red("Blue"), red("Red"), red("Green")] });
    expect(matched.variants.slice(0, 2).map(({ id }: { id: string }) => id)).toEqual([ids[1], ids[0]]);
    expect(matched.options[1]).toEqual({ name: "Color", values: ["Red", "Blue", "Green"] });
    expect((await save({ id: made.id, options: [{ name: "Size", values: ["S"] }] })).userErrors).toEqual([
      { code: "OPTIONS_INVALID", path: ["options"] },
    ]);
  });

  test("a product without options has one, which cannot be bought before it has a price", async () => {
    const made = await saved({ title: "Bare", status: "ACTIVE" });
    expect(made).toMatchObject({
      available: false,
      options: [],
      priceRange: null,
      variants: [{ title: "Default", price: null, stock: 0 }],
    });
    const priced = await saved({ id: made.id, variants: [{ price: eur(5), stock: 1 }] });
    expect(priced).toMatchObject({
      available: true,
      variants: [{ id: made.variants[0].id, price: { amount: 5 } }],
    });
  });
});

describe("stock", () => {
  test("is what can be sold: what orders hold is added on hand, and a movement says so", async () => {
    const { id, uuid, variant } = await aProduct(app.db, { stock: 10 });
    await app.db.stock.updateMany({ where: { variantId: variant.uuid }, data: { reserved: 4 } });
    await app.db.stockMovement.create({
      data: {
        id: crypto.randomUUID(),
        variantId: variant.uuid,
        kind: "RESERVE",
        reservedDelta: 4,
        createdAt: new Date(),
      },
    });
    const stored = await saved({ id, variants: [{ id: variant.id, price: eur(500), stock: 7 }] });
    expect(stored.variants[0].stock).toBe(7);
    expect(await app.db.stock.findFirst({ where: { variantId: variant.uuid } })).toMatchObject({
      onHand: 11,
      reserved: 4,
    });
    expect(
      await app.db.stockMovement.findMany({ where: { variantId: variant.uuid, kind: "ADJUST" } }),
    ).toMatchObject([{ onHandDelta: 1, reservedDelta: 0 }]);
    await app.db.stock.updateMany({ where: { variantId: variant.uuid }, data: { reserved: 0 } });
    await app.db.stockMovement.create({
      data: {
        id: crypto.randomUUID(),
        variantId: variant.uuid,
        kind: "RELEASE",
        reservedDelta: -4,
        createdAt: new Date(),
      },
    });
    expect(uuid).toBeDefined();
  });

  test("is counted from the first number on, no longer with null, and sold beyond when allowed", async () => {
    const { id, variants } = await saved({ title: "Loose", status: "ACTIVE", variants: [{ price: eur(1) }] });
    expect(variants).toMatchObject([{ stock: null, available: true }]);
    const change = async (more: object) =>
      (await saved({ id, variants: [{ price: eur(1), ...more }] })).variants[0];
    expect(await change({ stock: 0 })).toMatchObject({ stock: 0, available: false });
    expect(await change({ stock: -2, sellBeyondStock: true })).toMatchObject({ stock: -2, available: true });
    expect(await change({ stock: null })).toMatchObject({ stock: null, available: true });
    expect(await change({ inventoryTracked: true, stock: 3, sellBeyondStock: false })).toMatchObject({
      stock: 3,
    });
  });
});
