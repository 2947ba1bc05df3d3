import "reflect-metadata";
import { stopDriving } from "./driver/drive";
import { loadOn } from "./mixed/load";
import { MIXED_USAGE, type MixedOptions, readMixedOptions } from "./mixed/options";
import { runPhases } from "./mixed/phases";
import { writeMixed } from "./mixed/report";
import { describeMachine } from "./report/results";
import { checkInvariants } from "./shop/check-invariants";
import { openShop } from "./shop/open-shop";
import { openPostgres } from "./shop/postgres";
import { startOpenShop } from "./shop/server";

const CUSTOMERS = 50;
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Puts a filled shop under a day's mixed load, an overload and a flood of logins. @returns how many invariants are broken in the end */
async function main(options: MixedOptions): Promise<number> {
  const postgres = await openPostgres(options);
  try {
    const database = await postgres.createDatabase("tillgraph_mixed");
    const shop = await openShop(database, { manyWords: true });
    try {
      say(`filling ${options.products} products …`);
      await shop.fill(options.products);
      await shop.addCustomers(CUSTOMERS);
      say(
        "THROTTLE=off: a few addresses stand for all buyers. RESPONSE_CACHE_MB=0: each answer is worked for.",
      );
      const server = await startOpenShop({ ...shop.settings, RESPONSE_CACHE_MB: "0" });
      const load = await loadOn(shop, server, { addresses: options.addresses, say });
      const found = await runPhases(load, options).finally(server.stop);
      const broken = await checkInvariants(database.url, say);
      const date = new Date().toISOString().slice(0, 10);
      const { addresses } = options;
      const results = { date, machine: describeMachine(postgres.version), addresses, ...found, broken };
      say(`\n${writeMixed(results, options.out)}\nmixed.json and mixed.md are in ${options.out}.`);
      return broken;
    } finally {
      await shop.close();
      await database.drop();
    }
  } finally {
    await postgres.stop();
  }
}

const asked = process.argv.slice(2);
if (asked.includes("--help")) {
  say(MIXED_USAGE);
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stopDriving);
main(readMixedOptions(asked)).then(
  (broken) => process.exit(broken > 0 ? 1 : 0),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
