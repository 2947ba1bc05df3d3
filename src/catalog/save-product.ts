import { type Context, signedIn } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { readId } from "../platform/ids";
import { Refusal } from "../platform/refusal";
import { refuse } from "./catalog.refusals";
import type { ProductDraft, VariantDraft } from "./product-draft";
import type { SaveProductInput, VariantInput } from "./save-product.types";
import { writeProducts } from "./write-products";

/**
 * Creates or changes one product; see ProductDraft for what is left as it is. @returns its uuid
 * @throws every code of catalog.refusals; ids that are malformed or of another type are NOT_FOUND
 */
export function saveProduct(ctx: Context, sql: Sql, input: SaveProductInput): Promise<{ productId: string }> {
  const draft = toDraft(input);
  return transact(sql, async (tx) => {
    const [result] = await writeProducts(tx, ctx, [draft], signedIn(ctx).accountId);
    if (!result) throw new Error("writeProducts answers every draft");
    if (result.outcome === "refused") throw new Refusal(result.code, result.message, result.path);
    return { productId: result.productId };
  });
}

function toDraft(input: SaveProductInput): ProductDraft {
  const { id, variants, collectionIds, ...rest } = input;
  return {
    ...rest,
    id: id == null ? null : known("prod", id, "id"),
    variants: eachOf(variants, (variant, index) => toVariantDraft(variant, ["variants", index])),
    collectionIds: eachOf(collectionIds, (collection, index) =>
      known("coll", collection, "collectionIds", index),
    ),
  };
}

/** A list left out, or removed by null, stays just that. */
const eachOf = <Given, Made>(list: Given[] | null | undefined, make: (one: Given, index: string) => Made) =>
  list ? list.map((one, index) => make(one, String(index))) : (list as null | undefined);

function toVariantDraft(input: VariantInput, path: string[]): VariantDraft {
  const { id, price, compareAtPrice, ...rest } = input;
  if (compareAtPrice && compareAtPrice.currency !== price.currency)
    throw refuse("PRICE_INVALID", ...path, "compareAtPrice");
  const compareAt = compareAtPrice === undefined ? undefined : (compareAtPrice?.amount ?? null);
  return {
    ...rest,
    id: id == null ? null : known("var", id, ...path, "id"),
    prices: { [price.currency]: { amount: price.amount, compareAt } },
  };
}

const known = (prefix: "prod" | "var" | "coll", id: string, ...path: string[]) => {
  const uuid = readId(prefix, id);
  if (uuid === null) throw refuse("NOT_FOUND", ...path);
  return uuid;
};
