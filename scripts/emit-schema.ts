import "reflect-metadata";
import { readFileSync, writeFileSync } from "node:fs";
import { lexicographicSortSchema, printSchema } from "graphql";
import { createSchema } from "../src/schema";

/** Writes schema.graphql; with --check it only says whether the committed one is today's. */
const file = "schema.graphql";
const printed = `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, printed);
else if (readFileSync(file, "utf8") !== printed) {
  process.stderr.write(`${file} is not what the code says: run npm run schema.\n`);
  process.exitCode = 1;
}
