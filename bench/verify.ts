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
import { findViolations, invariants, openForLooking } from "../src/verify";
import { fillShop } from "./fill";

const say = (line: string) => void process.stdout.write(`${line}\n`);
async function timed<Result>(work: () => Promise<Result>): Promise<[seconds: number, result: Result]> {
  const began = performance.now();
  const result = await work();
  return [(performance.now() - began) / 1_000, result];
}

/**
 * How long `npm run verify` takes on a shop with a year of orders: `npm run bench:verify -- 100000`. The database is one of its own, with the
 * settings of the embedded one, and is removed afterwards. Ends with 1 when an invariant is broken.
 */
async function main(orders: number) {
  const dataDir = mkdtempSync(join(await reachableTemp(await findRunAs()), "tillgraph-bench-"));
  chmodSync(dataDir, 0o755); // under root, the database's user has to enter it
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  try {
    await migrate(postgres.ownerUrl, { appRole: APP_ROLE });
    const owner = new pg.Client({ connectionString: postgres.ownerUrl });
    await owner.connect();
    const [filling] = await timed(() => fillShop(owner, orders).finally(() => owner.end()));
    say(`${orders} orders, filled in ${filling.toFixed(1)} s; ${cpus().length} × ${cpus()[0]?.model}`);
    return await check(postgres.url);
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function check(url: string) {
  const db = openForLooking(url);
  let [total, broken] = [0, 0];
  try {
    for (const invariant of invariants) {
      const [seconds, found] = await timed(() => findViolations(db, new Date(), invariant));
      total += seconds;
      broken += found.length > 0 ? 1 : 0;
      say(`${seconds.toFixed(3).padStart(8)} s  ${found.length > 0 ? "BROKEN " : ""}${invariant.name}`);
      for (const { subject, detail } of found.slice(0, 3)) say(`            ${subject}: ${detail}`);
    }
  } finally {
    await db.$disconnect();
  }
  say(`${total.toFixed(3).padStart(8)} s  in all, ${broken} broken`);
  return broken > 0 ? 1 : 0;
}

main(Number(process.argv[2] ?? 100_000)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
