import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../src/platform/clock";
import type { Environment } from "../src/platform/config";
import { APP_ROLE, defaultDataDir, startEmbeddedPostgres } from "../src/platform/embedded-postgres";
import { findRunAs } from "../src/platform/embedded-postgres/run-as";
import { reachableTemp } from "../src/platform/embedded-postgres/temp-folder";
import { createMigration, findDrift, migrate, readMigrationStatus } from "../src/platform/migrate";
import { readEnvironment } from "../src/platform/read-environment";
import { StartError } from "../src/platform/start-error";

const USAGE = "npm run migrate -- create NAME | deploy | status | drift";

type Command = (ownerUrl: string, name: string | undefined, appRole: string | undefined) => Promise<string>;
type Database = { ownerUrl: string; appRole?: string; stop(): Promise<void> };

const commands: Record<string, { on: "shop" | "scratch"; run: Command }> = {
  create: {
    on: "scratch",
    async run(ownerUrl, name = "change") {
      const folder = await createMigration(ownerUrl, name, systemClock.now());
      return folder ? `Created prisma/migrations/${folder}` : "No change.";
    },
  },
  deploy: {
    on: "shop",
    async run(ownerUrl, _name, appRole) {
      const applied = await migrate(ownerUrl, { appRole });
      return applied.length > 0 ? `Applied ${applied.join(", ")}` : "Nothing to apply.";
    },
  },
  status: {
    on: "shop",
    run: async (ownerUrl) => JSON.stringify(await readMigrationStatus(ownerUrl), null, 2),
  },
  drift: {
    on: "scratch",
    async run(ownerUrl) {
      const sql = await findDrift(ownerUrl);
      if (sql === null) return "No change.";
      throw new StartError(
        `prisma/schema.prisma has what the migrations haven't (npm run migrate -- create NAME):\n${sql}`,
      );
    },
  },
};

/** Writes, applies and compares migrations: see USAGE. `drift` ends with code 1 when schema and migrations differ. */
async function main(args: string[], env: Environment) {
  const [name = "", ...rest] = args;
  const command = commands[name];
  if (!command) throw new StartError(USAGE);
  const database = await openDatabase(command.on, env);
  try {
    process.stdout.write(`${await command.run(database.ownerUrl, rest[0], database.appRole)}\n`);
  } finally {
    await database.stop();
  }
}

async function openDatabase(on: "shop" | "scratch", env: Environment): Promise<Database> {
  const ownerUrl = env.DATABASE_OWNER_URL || env.DATABASE_URL;
  const appRole = env.DATABASE_URL && decodeURIComponent(new URL(env.DATABASE_URL).username);
  if (ownerUrl) return { ownerUrl, appRole, stop: async () => undefined };
  if (on === "scratch") return openScratch();
  const dataDir = env.DATA_DIR || (await defaultDataDir());
  return { ...(await startEmbeddedPostgres({ dataDir })), appRole: APP_ROLE };
}

/** A database for the time of one comparison. */
async function openScratch(): Promise<Database> {
  const dataDir = mkdtempSync(join(await reachableTemp(await findRunAs()), "tillgraph-scratch-"));
  chmodSync(dataDir, 0o755); // under root, the database's user has to enter it
  const postgres = await startEmbeddedPostgres({ dataDir });
  return {
    ownerUrl: postgres.ownerUrl,
    async stop() {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

main(process.argv.slice(2), readEnvironment(process.env)).catch((error: Error) => {
  process.stderr.write(`${error instanceof StartError ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
});
