import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { APP_ROLE, startEmbeddedPostgres } from "../../src/platform/embedded-postgres";
import { findRunAs } from "../../src/platform/embedded-postgres/run-as";
import { reachableTemp } from "../../src/platform/embedded-postgres/temp-folder";
import { migrate } from "../../src/platform/migrate";

const PREFIX = "tillgraph-test-";
const DAY_MS = 86_400_000;
/** Nothing here has to survive a power cut. */
const FORGETFUL = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "128MB",
  max_connections: 300,
};

/** Starts one PostgreSQL for the run and migrates the database that every test file gets a clone of (test-database.ts). */
export default async function globalSetup() {
  const temp = await reachableTemp(await findRunAs());
  sweep(temp);
  const dataDir = mkdtempSync(join(temp, PREFIX));
  chmodSync(dataDir, 0o755); // under root, the database's user has to enter it
  globalThis.removeTestDatabases = removeWithUs(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir, settings: FORGETFUL });
  await migrate(postgres.ownerUrl, { appRole: APP_ROLE });
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_DATABASE_OWNER_URL = postgres.ownerUrl;
}

/** A process of its own stops the database and removes the folder when we end, also by Ctrl-C or kill -9. */
function removeWithUs(dataDir: string): () => Promise<void> {
  const remover = spawn(process.execPath, [join(__dirname, "remove-database.cjs"), dataDir], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
    cwd: "/",
  });
  remover.unref();
  return () =>
    new Promise((resolve) => {
      remover.once("exit", () => resolve());
      remover.ref();
      remover.stdin.end();
    });
}

/** What a power cut left behind. */
function sweep(temp: string) {
  for (const name of readdirSync(temp).filter((entry) => entry.startsWith(PREFIX))) {
    const age = Date.now() - (statSync(join(temp, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > DAY_MS) rmSync(join(temp, name), { recursive: true, force: true });
  }
}

declare global {
  var removeTestDatabases: (() => Promise<void>) | undefined;
}
