import "reflect-metadata";
import { stopDriving } from "./driver/drive";
import { drawGrowth } from "./grow-charts";
import { GROW_USAGE, type GrowOptions, readGrowOptions } from "./grow-options";
import { growOrders } from "./grow-orders";
import { growProducts } from "./grow-products";
import { type Growth, readGrowth, writeGrowth } from "./growth";
import { describeMachine } from "./report/results";
import { openPostgres } from "./shop/postgres";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Measures the shop while it grows; what was found is written after each size, so that nothing is lost with a run that is cut short. */
async function main(options: GrowOptions): Promise<Growth> {
  const postgres = await openPostgres(options);
  try {
    const date = new Date().toISOString().slice(0, 10);
    const earlier = options.dataDir ? readGrowth(options.out) : null;
    const growth: Growth = {
      points: [],
      imports: [],
      ...earlier,
      date,
      machine: describeMachine(postgres.version),
    };
    const keep = () => {
      writeGrowth(growth, options.out);
      drawGrowth(growth, options.out);
    };
    await growProducts(options, { postgres, growth, keep, say });
    await growOrders(options, { postgres, growth, keep, say });
    return growth;
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
  ({ points }) => {
    say(`Points and charts are in ${options.out}.`);
    process.exit(points.some(({ errors }) => errors > 0) ? 1 : 0);
  },
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
