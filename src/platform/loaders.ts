import DataLoader from "dataloader";
import type { Context } from "./context";

type Batch<Value> = (ctx: Context, keys: readonly string[]) => Promise<Map<string, Value>>;

/**
 * Loads the value of one key together with all that are asked for in the same tick: one statement however long a list is. `batch` is
 * the identity of the loader: define it once at module level. A key that the map lacks gives null.
 */
export function load<Value>(ctx: Context, batch: Batch<Value>, key: string): Promise<Value | null> {
  let loader = ctx.memo.get(batch) as DataLoader<string, Value | null> | undefined;
  if (!loader) {
    loader = new DataLoader(async (keys: readonly string[]) => {
      const found = await batch(ctx, keys);
      return keys.map((key) => found.get(key) ?? null);
    });
    ctx.memo.set(batch, loader);
  }
  return loader.load(key);
}

/** Forgets what this request has loaded, after a write that changed it. */
export const forgetLoaded = (ctx: Context) => ctx.memo.clear();
