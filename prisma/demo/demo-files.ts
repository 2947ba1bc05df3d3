import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/platform/project-root";

const pathOf = (name: string) => join(projectRoot(), "prisma/demo", name);

/** One of the demo shop's JSON files; their shape is the caller's to know. */
export const readDemo = <Content>(name: string) => JSON.parse(readFileSync(pathOf(name), "utf8")) as Content;

export const openDemo = (name: string) => createReadStream(pathOf(name));
