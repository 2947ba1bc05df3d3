import { LRUCache } from "lru-cache";
import type { DataKeyRow } from "../../platform/vault";
import type { PricedCart } from "./priced-cart";

/** Carts that are being filled at the same time, by far. */
const MOST_CARTS = 5_000;
const known = new LRUCache<string, DataKeyRow>({ max: MOST_CARTS });

/** Keeps in mind which key, wrapped, a cart has: who types in an e-mail address is about to type in a postal one. */
export function rememberKey({ uuid, dataKey }: Pick<PricedCart, "uuid" | "dataKey">) {
  if (dataKey?.wrapped) known.set(uuid, dataKey);
}

/** The key that a cart had when it was last changed here, or null. A guess: the statement that uses it checks it. */
export const rememberedKey = (uuid: string): DataKeyRow | null => known.get(uuid) ?? null;
