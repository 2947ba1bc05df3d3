import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { loadVariant } from "./load-products";
import type { CurrencyArg } from "./takes-currency";

/**
 * A variant for who already holds it (see loadVariant), of which the holder's own row says which one it is: what else it has is read when it
 * is asked for, together with all others of the tick.
 */
export function heldVariant({ uuid, sku, title }: { uuid: string; sku: string | null; title: string }) {
  const whole = async (ctx: Context) => {
    const variant = await loadVariant(ctx, uuid);
    if (!variant) throw new Error("A variant that is held is not there");
    return variant;
  };
  return {
    __typename: "Variant" as const,
    id: toId("var", uuid),
    ...{ uuid, sku, title },
    selectedOptions: async (_args: object, ctx: Context) => (await whole(ctx)).selectedOptions,
    image: async (_args: object, ctx: Context) => (await whole(ctx)).image,
    price: async (args: CurrencyArg, ctx: Context) => (await whole(ctx)).price(args, ctx),
    compareAtPrice: async (args: CurrencyArg, ctx: Context) => (await whole(ctx)).compareAtPrice(args, ctx),
    available: async (_args: object, ctx: Context) => (await whole(ctx)).available,
    stock: async (args: object, ctx: Context) => (await whole(ctx)).stock(args, ctx),
    product: async (_args: object, ctx: Context) => {
      const { product } = await whole(ctx);
      return typeof product === "function" ? product() : product;
    },
  };
}
