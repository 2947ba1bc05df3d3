import type { GrowOptions } from "./grow-options";
import { measureFlows, type Run } from "./growth";
import { round } from "./report/table";
import { FILTERED } from "./scenarios/ours";
import { openShop } from "./shop/open-shop";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const FLOWS = ["list", "detail", "addToCart", "search", ...FILTERED];
/** New products that are imported beside each number of them. */
const IMPORTED = 4_000;

/** One shop that grows: at each size everything is measured, then some more is imported. What an earlier run has passed is left out. */
export async function growProducts(options: GrowOptions, run: Run): Promise<void> {
  const { postgres, growth, keep, say } = run;
  const kept = options.dataDir !== undefined;
  const database = await postgres.createDatabase("tillgraph_grow", kept);
  const shop = await openShop(database, { manyWords: true });
  try {
    const there = await shop.countProducts();
    for (const size of SIZES.filter((count) => count >= there && count <= options.upTo)) {
      await shop.fill(size, (made) => {
        if (made % 50_000 === 0) say(`${made} products`);
      });
      await measureFlows(options, run, shop, { of: "products", size, flows: FLOWS });
      const perSecond = await shop.importProducts(IMPORTED);
      growth.imports = [...growth.imports.filter((point) => point.size !== size), { size, perSecond }];
      say(`${size} products: import of ${round(perSecond)} products a second`);
      keep();
    }
  } finally {
    await shop.close();
    if (!kept) await database.drop();
  }
}
