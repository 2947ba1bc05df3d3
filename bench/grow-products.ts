import { drive, throwIfStopped } from "./driver/drive";
import { WARM_CONNECTIONS } from "./driver/measure";
import { quantile, TURNS } from "./driver/turns";
import type { GrowOptions } from "./grow-options";
import { measureFlows, type Opened, type Run, withStages } from "./growth";
import { round } from "./report/table";
import { FILTERED } from "./scenarios/ours";
import type { Shop } from "./shop/open-shop";
import type { Server } from "./shop/server";
import type { Stages } from "./shop/stages";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const FLOWS = ["list", "detail", "addToCart", "search", ...FILTERED];
/** New products that are imported beside each number of them, in each turn. */
const IMPORTED = 1_000;

/** One catalogue that grows. */
export const productStages = ({ products }: GrowOptions, say: (line: string) => void): Stages => ({
  of: "products",
  sizes: SIZES.filter((size) => size <= products),
  manyWords: true,
  growing: true,
  fill: (shop, size) =>
    shop.fill(size, (made) => {
      throwIfStopped();
      if (made % 50_000 === 0) say(`${made} products`);
    }),
});

/** Measures every flow of the catalogue, then how quickly more is imported. */
export const measureProducts = (options: GrowOptions, run: Run, stages: Stages): Promise<void> =>
  withStages(
    stages,
    run,
    (shop, server) => haveCarts(shop, server, options),
    async (opened) => {
      await measureFlows(options, run, opened, { of: stages.of, flows: FLOWS });
      await measureImports(run, opened);
    },
  );

/** All sizes take turns, as with flows; of each the turn in the middle counts. */
async function measureImports({ growth, keep, say }: Run, opened: Opened[]) {
  const taken = opened.map((one) => ({ ...one, rates: [] as number[] }));
  for (let turn = 0; turn < TURNS; turn++)
    for (const { shop, rates } of taken) rates.push(await shop.importProducts(IMPORTED));
  for (const { size, rates } of taken) {
    const perSecond = quantile(
      rates.sort((a, b) => a - b),
      0.5,
    );
    growth.imports.push({ size, perSecond });
    say(
      `import beside ${size} products: ${round(perSecond)} products a second (${rates.map(round).join(", ")})`,
    );
  }
  keep();
}

/**
 * A shop has carts. While there are none PostgreSQL plans to find one by reading them all, and then reads thousands until it has counted anew, a
 * minute later: of a shop that has just opened that is true, and tells nothing of how many products it has.
 */
async function haveCarts(shop: Shop, { url }: Server, { warmupSeconds }: GrowOptions) {
  const { ours } = await shop.samples();
  const load = { url, connections: WARM_CONNECTIONS, settleSeconds: warmupSeconds, seconds: 0 };
  await drive({ target: "ours", scenario: "addToCart", data: ours, load });
  await shop.owner.query("ANALYZE carts, cart_lines");
}
