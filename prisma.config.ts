import { defineConfig } from "prisma/config";

// `prisma generate` never runs the schema engine, yet Prisma would download it first; any executable stops that.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
