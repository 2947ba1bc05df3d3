import { newId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, recount, unique } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { aShopkeeper, type Shopkeeper } from "./support/listing";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
  await aZone(app.db);
});
afterAll(() => app.close());

const AVAILABLE = "query($id: ID!) { product(id: $id) { available variants { available } } }";
const availabilityOf = async (id: string) => {
  const { product } = (await app.ask(null, AVAILABLE, { id })).data;
  return [product.available, ...product.variants.map((variant: { available: boolean }) => variant.available)];
};
const buy = async (variantId: string, quantity = 1) =>
  resultOf(await checkOut(app.ask, await aFullCart(app.ask, null, { variantId, quantity })));

describe("what can be sold", () => {
  test("is told from the moment the last piece is taken, and again when there are more", async () => {
    const { id, variants } = await aProduct(app.db, { variants: [{ stock: 1 }, { stock: 1 }] });
    expect(await availabilityOf(id)).toEqual([true, true, true]);
    expect(await buy(variants[0]!.id)).toBe("OK");
    expect(await availabilityOf(id)).toEqual([true, false, true]);
    expect(await buy(variants[1]!.id)).toBe("OK");
    expect(await availabilityOf(id)).toEqual([false, false, false]);
    await recount(app.db, variants[1]!.uuid, 5);
    expect(await availabilityOf(id)).toEqual([true, false, true]);
  });

  test("is right when the last pieces of all variants are taken at once", async () => {
    const { id, variants } = await aProduct(app.db, {
      variants: Array.from({ length: 6 }, () => ({ stock: 1 })),
    });
    const results = await Promise.all(variants.map((variant) => buy(variant.id)));
    expect(results).toEqual(variants.map(() => "OK"));
    expect(await availabilityOf(id)).toEqual(Array.from({ length: 7 }, () => false));
  });

  test("costs an ordinary purchase nothing: the documents are not written again", async () => {
    const { uuid, variant } = await aProduct(app.db, { stock: 10 });
    const version = () =>
      app.db.$queryRaw`SELECT xmin::text FROM product_documents WHERE product_id = ${uuid}::uuid`;
    const before = await version();
    expect(await buy(variant.id, 2)).toBe("OK");
    expect(await version()).toEqual(before);
  });
});

describe("totalCount", () => {
  const count = async (token: string | null, filter = {}) =>
    (
      await app.ask(token, "query($filter: ProductFilter) { products(filter: $filter) { totalCount } }", {
        filter,
      })
    ).data.products.totalCount as number;

  test("is exact for everyone while products come, go and are hidden at once, and few rows keep it", async () => {
    const [shown, all] = [await count(null), await count(keeper.token)];
    const made = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        keeper.lists({ title: `Lamp ${unique()}`, status: n % 3 ? "ACTIVE" : "DRAFT" }),
      ),
    );
    expect([await count(null), await count(keeper.token)]).toEqual([shown + 16, all + 24]);
    await Promise.all(made.slice(0, 12).map(({ id }) => keeper.lists({ id, status: "ARCHIVED" })));
    expect([await count(null), await count(keeper.token)]).toEqual([shown + 8, all + 24]);
    expect(await count(keeper.token, { status: ["ARCHIVED"] })).toBe(12);
    expect(await app.db.productCount.count()).toBeLessThanOrEqual(24);
    await keeper.lists({ title: "One more" });
    expect(await app.db.productCount.count()).toBe(3); // one a status: what was left is put together by the next
  });

  test("forgets what was rolled back", async () => {
    const before = await count(null);
    const at = new Date();
    const undone = app.db.$transaction(async (tx) => {
      await tx.product.create({
        data: {
          id: newId(),
          handle: unique(),
          title: "Gone",
          status: "ACTIVE",
          createdAt: at,
          updatedAt: at,
        },
      });
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    expect(await count(null)).toBe(before);
  });

  test("of a filtered list counts what the filter leaves", async () => {
    const vendor = unique();
    await keeper.lists({ title: "Of one vendor", vendor });
    await keeper.lists({ title: "Of one vendor, hidden", vendor, status: "DRAFT" });
    expect([
      await count(null, { vendor: [vendor] }),
      await count(keeper.token, { vendor: [vendor] }),
    ]).toEqual([1, 2]);
    expect(await count(null, { vendor: ["nobody"] })).toBe(0);
  });
});
