import { importProducts, type ProductDraft, saveCollection, type VariantDraft } from "../../src/catalog";
import type { Platform } from "../../src/platform/context";
import type { Tx } from "../../src/platform/database";
import { openDemo, readDemo } from "./demo-files";
import { minorUnits } from "./seed-delivery";

type Collection = {
  handle: string;
  title: string;
  descriptionHtml: string;
  /** A collection named before this one */
  parent?: string;
  /** Handles */
  products: string[];
};
/** By SKU */
type Prices = Record<string, { price: string; compareAtPrice?: string }>;

const OWN = "EUR";
const SECOND = "USD";

/** Writes the demo shop's collections and products, priced in those of its currencies that the shop offers. */
export async function seedCatalog({ clock, config }: Platform, tx: Tx): Promise<void> {
  const offered = config.shop.currencies.filter((currency) => [OWN, SECOND].includes(currency));
  if (offered.length === 0) return;
  const collectionsOf = await seedCollections(tx, clock);
  const prices = readDemo<Prices>("usd-prices.json");
  const amend = (draft: ProductDraft): ProductDraft => ({
    ...draft,
    collectionIds: collectionsOf.get(draft.handle ?? "") ?? [],
    variants: draft.variants?.map((variant) => {
      const both = { ...variant.prices, ...secondPrice(prices[variant.sku ?? ""]) };
      return { ...variant, prices: pick(both, offered) };
    }),
  });
  await importProducts({ db: tx, clock, config }, openDemo("products.csv"), {
    currency: OWN,
    amend,
    onRefused: ({ line, reason }) => {
      throw new Error(`The demo shop's products.csv, line ${line}: ${reason}`);
    },
  });
}

/** @returns the uuids of each product's collections, by the product's handle */
async function seedCollections(tx: Tx, clock: Platform["clock"]) {
  const ids = new Map<string, string>();
  const collectionsOf = new Map<string, string[]>();
  for (const { parent, products, ...draft } of readDemo<Collection[]>("collections.json")) {
    const parentId = parent === undefined ? null : ids.get(parent);
    const { collectionId } = await saveCollection(tx, clock, { ...draft, parentId });
    ids.set(draft.handle, collectionId);
    for (const handle of products)
      collectionsOf.set(handle, [...(collectionsOf.get(handle) ?? []), collectionId]);
  }
  return collectionsOf;
}

function secondPrice(price: Prices[string] | undefined): VariantDraft["prices"] {
  if (!price) return {};
  const compareAt = price.compareAtPrice === undefined ? null : minorUnits(price.compareAtPrice, SECOND);
  return { [SECOND]: { amount: minorUnits(price.price, SECOND), compareAt } };
}

const pick = <Value>(record: Record<string, Value>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)));
