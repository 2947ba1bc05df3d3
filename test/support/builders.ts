import { randomInt } from "node:crypto";
import { indexProducts } from "../../src/catalog/search/index-products";
import { saveDocuments } from "../../src/catalog/write/save-documents";
import { type Db, type Sql, type Tx, transact } from "../../src/platform/database";
import { newId, toId } from "../../src/platform/ids";

type VariantAbout = {
  title: string;
  optionValues: string[];
  sku: string | null;
  /** Minor units by currency */
  prices: Record<string, bigint>;
  stock: number;
  tracked: boolean;
  oversell: boolean;
};
type ProductAbout = {
  title: string;
  vendor: string | null;
  status: "DRAFT" | "ACTIVE" | "ARCHIVED";
  variants: Partial<VariantAbout>[];
};

/** Short and unique, for handles and SKUs. */
export const unique = () => randomInt(2 ** 47).toString(36);

/** A product with one variant at 5.00 EUR, 10 in stock, unless the test says otherwise; written as the books want it. */
export async function aProduct(db: Db, about: Partial<ProductAbout> & Partial<VariantAbout> = {}) {
  const { title = "Tea", vendor = null, status = "ACTIVE", variants = [about], ...shared } = about;
  const [at, id] = [new Date(), newId()];
  const named = variants.length > 1;
  const values = variants.map(
    (variant, index) => variant.optionValues ?? (named ? [`Kind ${index + 1}`] : []),
  );
  return transact(db, async (tx) => {
    await tx.product.create({
      data: {
        id,
        handle: `tea-${unique()}`,
        title,
        vendor,
        status,
        createdAt: at,
        updatedAt: at,
        ...(named && {
          options: { create: [{ id: newId(), position: 0, name: "Kind", values: values.flat() }] },
        }),
      },
    });
    const made = [];
    for (const [position, variant] of variants.entries())
      made.push(
        await aVariant(tx, id, {
          ...shared,
          ...variant,
          position,
          optionValues: values[position],
        }),
      );
    await refreshPriceRanges(tx, id);
    const [variant] = made;
    if (!variant) throw new Error("A product has at least one variant");
    return { uuid: id, id: toId("prod", id), variant, variants: made };
  });
}

/** One more variant of a product, with prices and stock; see aProduct, which also keeps the price range. */
async function aVariant(
  db: Sql,
  productId: string,
  about: Partial<VariantAbout> & { position?: number } = {},
) {
  const { optionValues = [], prices = { EUR: 500n }, stock = 10, tracked = true, oversell = false } = about;
  const {
    position = 0,
    sku = `SKU-${unique()}`,
    title = optionValues.length > 0 ? optionValues.join(" / ") : "Default",
  } = about;
  const [at, id] = [new Date(), newId()];
  await db.variant.create({
    data: { id, productId, position, sku, title, optionValues, createdAt: at, updatedAt: at },
  });
  await db.price.createMany({
    data: Object.entries(prices).map(([currency, amount]) => ({ variantId: id, currency, amount })),
  });
  await db.stock.create({ data: { variantId: id, tracked, oversell, onHand: stock } });
  if (stock !== 0)
    await db.stockMovement.create({
      data: { id: newId(), variantId: id, kind: "RECEIVE", onHandDelta: stock, createdAt: at },
    });
  return { uuid: id, id: toId("var", id), sku, prices, stock };
}

/** Keeps a product's price ranges, its documents and what search knows of it true after its prices or variants were changed by hand. */
export async function refreshPriceRanges(sql: Sql, productId: string) {
  await sql.productPriceRange.deleteMany({ where: { productId } });
  await sql.$executeRaw`
    INSERT INTO product_price_ranges (product_id, currency, min_amount, max_amount)
    SELECT v.product_id, p.currency, min(p.amount), max(p.amount) FROM variants v JOIN prices p ON p.variant_id = v.id
    WHERE v.product_id = ${productId}::uuid AND v.archived_at IS NULL GROUP BY v.product_id, p.currency`;
  await saveDocuments(sql as Tx, [productId]);
  await indexProducts(sql as Tx, [productId]);
}

/** Changes the price of a variant in all its currencies, and what is kept of it. */
export async function reprice(db: Db, variantId: string, amount: bigint) {
  await db.price.updateMany({ where: { variantId }, data: { amount } });
  const { productId } = await db.variant.findUniqueOrThrow({ where: { id: variantId } });
  await refreshPriceRanges(db, productId);
}

/** Counts what lies on the shelf anew, with the movement that says so. */
export async function recount(db: Db, variantId: string, onHand: number) {
  const where = { variantId_location: { variantId, location: "default" } };
  const { onHand: before } = await db.stock.findUniqueOrThrow({ where });
  await db.stock.update({ where, data: { onHand } });
  await db.stockMovement.create({
    data: { id: newId(), variantId, kind: "ADJUST", onHandDelta: onHand - before, createdAt: new Date() },
  });
}

type ZoneAbout = {
  handle: string;
  countries: string[];
  taxLabel: string;
  /** Parts per million */
  taxRate: number;
  taxIncluded: boolean;
  options: {
    handle: string;
    title?: string;
    rates: Record<string, { amount: bigint; freeAbove?: bigint }>;
  }[];
};

/** A delivery zone: Germany, 19 % included, standard delivery at 4.90 EUR, free from 50.00 EUR on, unless the test says otherwise. */
export async function aZone(db: Db, about: Partial<ZoneAbout> = {}) {
  const { countries = ["DE"], taxLabel = "VAT", taxRate = 190_000, taxIncluded = true } = about;
  const handle = about.handle ?? `zone-${unique()}`;
  const standard = { handle: "standard", rates: { EUR: { amount: 490n, freeAbove: 5000n } } };
  const options: ZoneAbout["options"] = about.options ?? [standard];
  await db.deliveryZone.create({
    data: {
      id: newId(),
      handle,
      title: handle,
      position: 0,
      countries,
      taxLabel,
      taxRate,
      taxIncluded,
      options: {
        create: options.map(({ handle: option, title, rates }, position) => ({
          id: newId(),
          handle: option,
          title: title ?? option,
          position,
          rates: {
            create: Object.entries(rates).map(([currency, rate]) => ({ currency, freeAbove: null, ...rate })),
          },
        })),
      },
    },
  });
  return { handle };
}

/** An address that checkout accepts, as AddressInput. */
export const anAddress = (about: object = {}) => ({
  name: "Ann Example",
  line1: "Teestraße 1",
  city: "Hamburg",
  postalCode: "20095",
  country: "DE",
  ...about,
});
