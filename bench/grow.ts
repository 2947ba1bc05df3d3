import "reflect-metadata";
import { stopDriving } from "./driver/drive";
import { drawGrowth } from "./grow-charts";
import { GROW_USAGE, type GrowOptions, readGrowOptions } from "./grow-options";
import { measureOrders, orderStages } from "./grow-orders";
import { measureProducts, productStages } from "./grow-products";
import { type Growth, writeGrowth } from "./growth";
import { describeMachine } from "./report/results";
import { openPostgres } from "./shop/postgres";
import { makeStages } from "./shop/stages";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Fills shops of all sizes, then measures them beside each other; what was found is written after each flow. @returns how many errors there were */
async function main(options: GrowOptions): Promise<number> {
  const postgres = await openPostgres(options);
  try {
    const [products, orders] = [productStages(options, say), orderStages(options)];
    await makeStages(products, postgres, say);
    await makeStages(orders, postgres, say);
    if (options.fillOnly) return 0;
    const date = new Date().toISOString().slice(0, 10);
    const growth: Growth = { date, machine: describeMachine(postgres.version), points: [], imports: [] };
    const keep = () => {
      writeGrowth(growth, options.out);
      drawGrowth(growth, options.out);
    };
    const run = { postgres, growth, keep, say };
    await measureProducts(options, run, products);
    await measureOrders(options, run, orders);
    say(`Points and charts are in ${options.out}.`);
    return growth.points.filter(({ errors }) => errors > 0).length;
  } finally {
    await postgres.stop();
  }
}

const asked = process.argv.slice(2);
if (asked.includes("--help")) {
  say(GROW_USAGE);
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stopDriving);
const options = readGrowOptions(asked);
main(options).then(
  (errors) => process.exit(errors > 0 ? 1 : 0),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
