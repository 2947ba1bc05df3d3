import { fillShop } from "./fill";
import { putOff } from "./fill/put-off";
import type { GrowOptions } from "./grow-options";
import { measureFlows, type Run, withStages } from "./growth";
import type { Stages } from "./shop/stages";

const SIZES = [0, 10_000, 100_000, 1_000_000];
const FLOWS = ["checkout", "orders"];
const CUSTOMERS = 20;
const ORDERS_EACH = 5;

/** For each number of orders a year of them in all states, and nothing of it waiting to be worked off. */
export const orderStages = ({ orders }: GrowOptions): Stages => ({
  of: "orders",
  sizes: SIZES.filter((size) => orders !== null && size <= orders),
  manyWords: false,
  growing: false,
  async fill({ owner, countProducts }, size) {
    if ((await countProducts()) === 0) await fillShop(owner, size);
    await putOff(owner);
    await owner.query("VACUUM ANALYZE");
  },
});

/** Measures every flow of orders, with some customers who have five each. */
export const measureOrders = (options: GrowOptions, run: Run, stages: Stages): Promise<void> =>
  withStages(
    stages,
    run,
    async (shop, server) => {
      await shop.addCustomers(CUSTOMERS);
      await shop.addOrders(server, ORDERS_EACH);
    },
    (opened) => measureFlows(options, run, opened, { of: stages.of, flows: FLOWS }),
  );
