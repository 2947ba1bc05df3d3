import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MigrationDirectory, MigrationList } from "@prisma/schema-engine-wasm/schema_engine_bg";
import { projectRoot } from "../project-root";

export const migrationsFolder = () => join(projectRoot(), "prisma", "migrations");

/** prisma/schema.prisma, as the schema engine wants it. */
export function readSchema() {
  return [
    { path: "schema.prisma", content: readFileSync(join(projectRoot(), "prisma", "schema.prisma"), "utf8") },
  ];
}

/** Every migration in prisma/migrations, oldest first. */
export function readMigrations(): MigrationList {
  const baseDir = migrationsFolder();
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: existsSync(baseDir)
      ? folders(baseDir).map((path) => readMigration(baseDir, path))
      : [],
  };
}

const folders = (baseDir: string) =>
  readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

function readMigration(baseDir: string, path: string): MigrationDirectory {
  const value = readFileSync(join(baseDir, path, "migration.sql"), "utf8");
  return { path, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } };
}
