import type { Context } from "../platform/context";
import { load } from "../platform/loaders";

async function stockBatch({ db }: Context, uuids: readonly string[]) {
  const found = await db.$queryRaw<{ uuid: string; sellable: number }[]>`
    SELECT variant_id AS uuid, on_hand - reserved AS sellable FROM stocks
    WHERE variant_id = ANY(${uuids}::uuid[]) AND location = 'default' AND tracked`;
  return new Map(found.map(({ uuid, sellable }) => [uuid, sellable]));
}

/** What can be sold of a variant (uuid) at this moment, on hand less reserved; null when it isn't counted. Batched. */
export const loadStock = (ctx: Context, uuid: string) => load(ctx, stockBatch, uuid);
