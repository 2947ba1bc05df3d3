import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { type Context, signedIn } from "../platform/context";
import type { Sql } from "../platform/database";
import { idempotent, type Outcome } from "../platform/idempotency";
import { forgetLoaded } from "../platform/loaders";
import { settle } from "../platform/refusal";
import { adjustStock } from "./adjust-stock";
import { loadCollection } from "./load-collections";
import { findProduct, findVariant } from "./load-products";
import { saveCollection, toCollectionDraft } from "./save-collection";
import { CollectionPayload, SaveCollectionInput } from "./save-collection.types";
import { saveProduct } from "./save-product";
import { ProductPayload, SaveProductInput } from "./save-product.types";
import { setStock } from "./set-stock";
import { AdjustStockInput, SetStockInput, StockPayload } from "./stock.types";

/** What staff do. Each is done at most once for an Idempotency-Key, and its payload is read after it. */
@Resolver()
export class CatalogResolver {
  @Mutation(() => ProductPayload)
  saveProduct(@Arg("input", () => SaveProductInput) input: SaveProductInput, @Ctx() ctx: Context) {
    return settle(async () => {
      const { productId } = await once(ctx, "saveProduct", input, (sql) => saveProduct(ctx, sql, input));
      return { product: await findProduct(ctx, productId) };
    });
  }

  @Mutation(() => CollectionPayload)
  saveCollection(@Arg("input", () => SaveCollectionInput) input: SaveCollectionInput, @Ctx() ctx: Context) {
    return settle(async () => {
      const { collectionId } = await once(ctx, "saveCollection", input, (sql) =>
        saveCollection(sql, ctx.clock, toCollectionDraft(input)),
      );
      return { collection: await loadCollection(ctx, collectionId) };
    });
  }

  @Mutation(() => StockPayload)
  setStock(@Arg("input", () => SetStockInput) input: SetStockInput, @Ctx() ctx: Context) {
    return settle(async () => {
      const { variantId } = await once(ctx, "setStock", input, (sql) => setStock(ctx, sql, input));
      return { variant: await findVariant(ctx, variantId) };
    });
  }

  @Mutation(() => StockPayload)
  adjustStock(@Arg("input", () => AdjustStockInput) input: AdjustStockInput, @Ctx() ctx: Context) {
    return settle(async () => {
      const { variantId } = await once(ctx, "adjustStock", input, (sql) => adjustStock(ctx, sql, input));
      return { variant: await findVariant(ctx, variantId) };
    });
  }
}

async function once<Done extends Outcome>(
  ctx: Context,
  operation: string,
  input: object,
  work: (sql: Sql) => Promise<Done>,
) {
  const done = await idempotent(ctx, { actor: signedIn(ctx).accountId, operation, input }, work);
  forgetLoaded(ctx); // an earlier mutation of the same document may have loaded what this one changed
  return done;
}
