import { openSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive, postmasterOf, startServer, temporaryFolder } from "./support/server-process";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const settings = () => ({ DATA_DIR: folder.path, LOG_LEVEL: "info" });
const LIST = JSON.stringify({ query: "{ products(first: 1) { nodes { id } } }" });
const ask = async (url: string) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: LIST });

test("whoever reads the log and stalls holds nobody up, and hears of what was lost when he reads on", async () => {
  const server = await startServer(settings());
  try {
    server.log?.pause();
    const long = new URL(`/${"a".repeat(8_000)}`, server.url); // a line of the log says where it led
    for (let round = 0; round < 120; round++)
      await Promise.all(Array.from({ length: 10 }, async () => (await fetch(long)).text()));
    const asked = performance.now();
    expect((await ask(server.url)).status).toBe(200);
    expect(performance.now() - asked).toBeLessThan(2_000);
    server.log?.resume();
    const told = () => /"lines":\d+.*were lost/.test(server.output.err);
    for (let waited = 0; waited < 10_000 && !told(); waited += 50) {
      await ask(server.url);
      await wait(50);
    }
    expect(told()).toBe(true);
    server.log?.pause();
    for (let round = 0; round < 12; round++)
      await Promise.all(Array.from({ length: 10 }, async () => (await fetch(long)).text()));
    process.kill(server.pid ?? 0, "SIGTERM");
    for (let waited = 0; waited < 10_000 && isAlive(server.pid ?? 0); waited += 50) await wait(50);
    expect(isAlive(server.pid ?? 0)).toBe(false);
    server.log?.resume();
  } finally {
    await server.end("SIGKILL");
  }
}, 60_000);

test("a server whose log cannot be written ends in order", async () => {
  const server = await startServer(settings(), openSync("/dev/full", "w"));
  try {
    for (let round = 0; round < 20; round++) expect((await ask(server.url)).status).toBe(200);
    expect(await server.end("SIGTERM")).toBe(0);
  } finally {
    await server.end("SIGKILL");
  }
}, 60_000);

test("a full disk under the log fails nothing but the log, also while the database is away", async () => {
  const server = await startServer(settings(), openSync("/dev/full", "w"));
  try {
    for (let round = 0; round < 20; round++) expect((await ask(server.url)).status).toBe(200);
    process.kill(postmasterOf(folder.path) ?? 0, "SIGKILL");
    for (let waited = 0; waited < 4_000; waited += 200) {
      expect([200, 503]).toContain((await ask(server.url)).status); // sweeps and mails have much to complain of meanwhile
      await wait(200);
    }
    expect((await fetch(new URL("/livez", server.url))).status).toBe(200);
  } finally {
    await server.end("SIGKILL");
  }
}, 60_000);
