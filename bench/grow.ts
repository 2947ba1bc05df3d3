import "reflect-metadata";
import { totalmem } from "node:os";
import { stopDriving } from "./driver/drive";
import { GROW_USAGE, type GrowOptions, readGrowOptions } from "./grow-options";
import { measureOrders, orderStages } from "./grow-orders";
import { measureProducts, productStages } from "./grow-products";
import { toGrowthTables, writeGrowth } from "./grow-report";
import type { Growth } from "./growth";
import { writeBetweenMarkers } from "./report/readme";
import { describeMachine } from "./report/results";
import { openPostgres } from "./shop/postgres";
import { makeStages } from "./shop/stages";

/** A quarter of the machine's memory, as PostgreSQL's manual advises, up to what a shop of a million products would be given. */
const BUFFERS_MB = Math.min(4_096, Math.round(totalmem() / 2 ** 20 / 4));

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Fills shops of all sizes, then measures them beside each other; what was found is written after each flow. @returns how many errors there were */
async function main(options: GrowOptions): Promise<number> {
  const postgres = await openPostgres({ ...options, sharedBuffersMb: BUFFERS_MB });
  try {
    const [products, orders] = [productStages(options, say), orderStages(options)];
    await makeStages(products, postgres, say);
    await makeStages(orders, postgres, say);
    if (options.fillOnly) return 0;
    const date = new Date().toISOString().slice(0, 10);
    const { warmupSeconds, settleSeconds, seconds } = options;
    const { version, sharedBuffers } = postgres;
    const about = {
      date,
      machine: describeMachine(version),
      sharedBuffers,
      warmupSeconds,
      settleSeconds,
      seconds,
    };
    const growth: Growth = { ...about, points: [], imports: [] };
    const keep = () => writeGrowth(growth, options.out);
    const run = { postgres, growth, keep, say };
    await measureProducts(options, run, products);
    await measureOrders(options, run, orders);
    if (options.readme) writeBetweenMarkers("README.md", "bench:grow", toGrowthTables(growth));
    say(`\n${toGrowthTables(growth)}\n`);
    say(`Points, tables and charts are in ${options.out}.`);
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
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stopDriving);
const options = readGrowOptions(asked);
main(options).then(
  (errors) => process.exit(errors > 0 ? 1 : 0),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
