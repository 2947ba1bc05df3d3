import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findRunAs } from "../src/platform/embedded-postgres/run-as";
import { reachableTemp } from "../src/platform/embedded-postgres/temp-folder";
import { memoryOf, type StartFigures } from "./report/results";
import { startShop } from "./shop/server";

const IDLE_MS = 3_000;

/** Starts our server twice on an embedded PostgreSQL of its own and looks at the second time: the first one makes the database. */
export async function measureStart(): Promise<StartFigures> {
  const folder = mkdtempSync(join(await reachableTemp(await findRunAs()), "tillgraph-bench-"));
  chmodSync(folder, 0o755); // under root, the database's user has to enter it
  try {
    await (await startShop({ DATA_DIR: folder })).stop();
    const server = await startShop({ DATA_DIR: folder });
    await wait(IDLE_MS);
    const idleMemoryMb = memoryOf(server.pid);
    await server.stop();
    return { startToFirstAnswerMs: Math.round(server.startedInMs), idleMemoryMb };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
