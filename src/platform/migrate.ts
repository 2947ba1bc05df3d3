import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { grantAppRole } from "./database-roles";
import { forgetUnfinished } from "./migrate/atomic";
import { withEngine } from "./migrate/engine";
import { migrationsFolder, readMigrations, readSchema } from "./migrate/files";
import { migrateJobQueue } from "./migrate/job-queue";
import { withLock } from "./migrate/lock";
import { isUpToDate } from "./migrate/up-to-date";

const filters = { externalTables: [], externalEnums: [] };

/**
 * Brings the database up to date: the migrations not applied yet, the job queue's, and the rights of `appRole` when one is named.
 * Several servers may start at once; the others wait and find nothing left to do.
 * @param ownerUrl a role that may create tables
 * @returns the names of the migrations applied now
 */
export async function migrate(ownerUrl: string, options: { appRole?: string } = {}): Promise<string[]> {
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  owner.on("error", () => undefined); // an idle connection that dies is no fault; the next query says what is wrong
  try {
    return await withLock(owner, async () => {
      await forgetUnfinished(owner);
      const applied = (await isUpToDate(owner)) ? [] : await applyMigrations(ownerUrl);
      await migrateJobQueue(owner, ownerUrl);
      if (options.appRole) await grantAppRole(owner, options.appRole);
      return applied;
    });
  } finally {
    await owner.end();
  }
}

const applyMigrations = (ownerUrl: string) =>
  withEngine(ownerUrl, async (engine) => {
    return (await engine.applyMigrations({ migrationsList: readMigrations(), filters }))
      .appliedMigrationNames;
  });

/** What prisma/schema.prisma has that the migrations haven't, as SQL; null when they agree. Needs the right to create databases. */
export const findDrift = (ownerUrl: string): Promise<string | null> =>
  withEngine(ownerUrl, async (engine) => {
    const from = { tag: "migrations" as const, ...readMigrations() };
    const to = { tag: "schemaDatamodel" as const, files: readSchema() };
    const { exitCode, stdout } = await engine.diff({ from, to, script: true, exitCode: true, filters });
    return exitCode === 0 ? null : (stdout ?? "");
  });

/** How the database stands to the migrations: which are waiting, edited or failed. */
export const readMigrationStatus = (ownerUrl: string) =>
  withEngine(ownerUrl, (engine) =>
    engine.diagnoseMigrationHistory({
      migrationsList: readMigrations(),
      optInToShadowDatabase: false,
      filters,
    }),
  );

/**
 * Writes prisma/migrations/<at>_<name>/migration.sql with what the schema has that the migrations haven't.
 * @returns the folder's name, or null when there is no change
 */
export async function createMigration(ownerUrl: string, name: string, at: Date): Promise<string | null> {
  const sql = await findDrift(ownerUrl);
  if (sql === null) return null;
  const folder = `${at.toISOString().replace(/\D/g, "").slice(0, 14)}_${name.replace(/\W+/g, "_")}`;
  mkdirSync(join(migrationsFolder(), folder), { recursive: true });
  writeFileSync(join(migrationsFolder(), folder, "migration.sql"), sql);
  return folder;
}
