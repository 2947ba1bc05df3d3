import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { asker } from "./support/app";
import { isAlive, postmasterOf, type Server, startServer, temporaryFolder } from "./support/server-process";

jest.setTimeout(120_000); // several processes, started and killed; a fresh database

const WORKERS = 2;
let folder: { path: string; remove(): void };
let dataDir: string;
let server: Server;
beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, "data");
});
beforeEach(async () => {
  server = await startServer({ DATA_DIR: dataDir, WEB_CONCURRENCY: String(WORKERS) });
  await until(() => workersOf(server).length === WORKERS);
});
afterEach(() => server.end("SIGKILL"));
afterAll(() => {
  const left = postmasterOf(dataDir);
  if (isAlive(left)) process.kill(left ?? 0, "SIGQUIT");
  folder.remove();
});

async function until(holds: () => boolean) {
  while (!holds()) await wait(20);
}

/** The server's child processes (Linux tells them in /proc), without the database. */
function workersOf({ pid }: Server): number[] {
  const parentOf = (child: string) => {
    try {
      const stat = readFileSync(`/proc/${child}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    } catch {
      return null; // gone meanwhile
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

test("a worker that dies is replaced, and the shop answers all the while", async () => {
  const ask = asker(server.url);
  const [victim = 0, ...others] = workersOf(server);
  process.kill(victim, "SIGKILL");
  await until(() => !isAlive(victim));
  for (let asked = 0; asked < 20; asked++) expect((await ask(null, "{ shop { name } }")).status).toBe(200);
  await until(() => workersOf(server).length === WORKERS);
  expect(workersOf(server)).toEqual(expect.arrayContaining(others));
  expect(await server.isReady()).toBe(true);
});

test("SIGTERM ends all of them in order, and the database after them", async () => {
  const workers = workersOf(server);
  const postmaster = postmasterOf(dataDir);
  expect(await server.end("SIGTERM")).toBe(0);
  expect(workers.filter(isAlive)).toEqual([]);
  await until(() => !isAlive(postmaster)); // the system still has to reap it
});

test("when the supervisor is killed no worker stays behind", async () => {
  const workers = workersOf(server);
  await server.end("SIGKILL");
  await until(() => !workers.some(isAlive));
});
