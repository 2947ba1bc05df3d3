import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of package.json, whether this runs from src or from dist. */
export function projectRoot(from = __dirname): string {
  if (existsSync(join(from, "package.json"))) return from;
  const up = dirname(from);
  if (up === from) throw new Error("No package.json above the program.");
  return projectRoot(up);
}
