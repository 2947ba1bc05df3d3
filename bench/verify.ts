import "reflect-metadata";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { APP_ROLE, startEmbeddedPostgres } from "../src/platform/embedded-postgres";
import { findRunAs } from "../src/platform/embedded-postgres/run-as";
import { reachableTemp } from "../src/platform/embedded-postgres/temp-folder";
import { migrate } from "../src/platform/migrate";
import { fillShop } from "./fill";
import { checkInvariants } from "./shop/check-invariants";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * How long `npm run verify` takes on a shop with a year of orders: `npm run bench:verify -- 100000`. The database is one of its own, with the
 * settings of the embedded one, and is removed afterwards. Ends with 1 when an invariant is broken.
 */
async function main(orders: number) {
  const dataDir = mkdtempSync(join(await reachableTemp(await findRunAs()), "tillgraph-bench-"));
  chmodSync(dataDir, 0o755); // under root, the database's user has to enter it
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.ownerUrl, { appRole: APP_ROLE });
    const owner = new pg.Client({ connectionString: postgres.ownerUrl });
    await owner.connect();
    const began = performance.now();
    await fillShop(owner, orders).finally(() => owner.end());
    const seconds = (performance.now() - began) / 1_000;
    say(`${orders} orders, filled in ${seconds.toFixed(1)} s; ${cpus().length} × ${cpus()[0]?.model}`);
    return (await checkInvariants(postgres.url, say)) > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

main(Number(process.argv[2] ?? 100_000)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
