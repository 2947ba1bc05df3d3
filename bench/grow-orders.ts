import { fillShop } from "./fill";
import type { GrowOptions } from "./grow-options";
import { measureFlows, type Run } from "./growth";
import { openShop } from "./shop/open-shop";

const SIZES = [0, 10_000, 100_000, 1_000_000];
const FLOWS = ["checkout", "orders"];
const CUSTOMERS = 20;

/** A shop of its own for each number of orders: a year of them in all states, and some customers who have five each. */
export async function growOrders(options: GrowOptions, run: Run): Promise<void> {
  const { postgres, keep, say } = run;
  const { ordersUpTo } = options;
  for (const size of SIZES.filter((count) => ordersUpTo !== null && count <= ordersUpTo)) {
    const database = await postgres.createDatabase("tillgraph_grow_orders", false);
    const shop = await openShop(database, { manyWords: false });
    try {
      say(`filling ${size} orders …`);
      await fillShop(shop.owner, size);
      await shop.addCustomers(CUSTOMERS);
      await measureFlows(options, run, shop, { of: "orders", size, flows: FLOWS });
      keep();
    } finally {
      await shop.close();
      await database.drop();
    }
  }
}
