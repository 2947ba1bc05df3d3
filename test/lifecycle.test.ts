import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive, postmasterOf, spawnServer, startServer, temporaryFolder } from "./support/server-process";

jest.setTimeout(120_000); // real processes, started and killed; a fresh database each

let folder: { path: string; remove(): void };
let dataDir: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = join(folder.path, "data");
});
afterAll(() => {
  for (const data of [dataDir, join(folder.path, "other")]) {
    const left = postmasterOf(data);
    if (isAlive(left)) process.kill(left ?? 0, "SIGQUIT");
  }
  folder.remove();
});

/** No process and no lock is left of the database in `data`, whose server process was `postmaster`. */
async function expectNothingLeft(data: string, postmaster: number | null) {
  expect(postmaster).not.toBeNull();
  for (let tries = 0; tries < 40 && isAlive(postmaster); tries++) await wait(50); // the system still has to reap it
  expect(isAlive(postmaster)).toBe(false);
  expect(postmasterOf(data)).toBeNull();
  expect(existsSync(join(data, "connection.json"))).toBe(false);
}

describe("with its own database", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("it opens, and %s ends it in order", async (signal) => {
    const server = await startServer({ DATA_DIR: dataDir });
    expect(await server.isReady()).toBe(true);
    const postmaster = postmasterOf(dataDir);
    expect(await server.end(signal)).toBe(0);
    await expectNothingLeft(dataDir, postmaster);
  });

  test("a signal while it is still starting leaves nothing behind", async () => {
    const { child, ended } = spawnServer({ DATA_DIR: dataDir });
    while (postmasterOf(dataDir) === null) await wait(5);
    const postmaster = postmasterOf(dataDir);
    child.kill("SIGTERM");
    await ended;
    await expectNothingLeft(dataDir, postmaster);
  });

  test("a signal that arrives twice, from the terminal and from npm, ends it in order", async () => {
    const server = await startServer({ DATA_DIR: dataDir });
    const postmaster = postmasterOf(dataDir);
    const ended = server.end("SIGINT");
    await wait(20);
    process.kill(server.pid ?? 0, "SIGINT");
    expect(await ended).toBe(0);
    await expectNothingLeft(dataDir, postmaster);
  });

  test("after kill -9 the next start takes the orphaned database over, and ends it", async () => {
    const killed = await startServer({ DATA_DIR: dataDir });
    const postmaster = postmasterOf(dataDir);
    expect(await killed.end("SIGKILL")).toBe(null);
    expect(isAlive(postmaster)).toBe(true);

    const next = await startServer({ DATA_DIR: dataDir });
    expect(postmasterOf(dataDir)).toBe(postmaster);
    expect(await next.isReady()).toBe(true);
    expect(await next.end("SIGTERM")).toBe(0);
    await expectNothingLeft(dataDir, postmaster);
  });

  test("after kill -9 of everything, and a lock file that names a stranger, it starts", async () => {
    const killed = await startServer({ DATA_DIR: dataDir });
    process.kill(postmasterOf(dataDir) ?? 0, "SIGKILL");
    await killed.end("SIGKILL");
    const lock = join(dataDir, "postgres", "postmaster.pid");
    writeFileSync(lock, `${process.pid}\n${join(dataDir, "postgres")}\n1\n5432\n\n127.0.0.1\n\nready\n`);

    const next = await startServer({ DATA_DIR: dataDir });
    const postmaster = postmasterOf(dataDir);
    expect(await next.isReady()).toBe(true);
    expect(await next.end("SIGTERM")).toBe(0);
    await expectNothingLeft(dataDir, postmaster);
  });

  test("two servers share one DATA_DIR, and the last to leave stops the database", async () => {
    const [first, second] = await Promise.all([
      startServer({ DATA_DIR: dataDir }),
      startServer({ DATA_DIR: dataDir }),
    ]);
    const postmaster = postmasterOf(dataDir);
    expect([await first.isReady(), await second.isReady()]).toEqual([true, true]);
    expect(await first.end("SIGTERM")).toBe(0);
    expect(await second.isReady()).toBe(true);
    expect(await second.end("SIGTERM")).toBe(0);
    await expectNothingLeft(dataDir, postmaster);
  });

  test("two servers with folders of their own don't know of each other", async () => {
    const other = join(folder.path, "other");
    const [mine, theirs] = await Promise.all([
      startServer({ DATA_DIR: dataDir }),
      startServer({ DATA_DIR: other }),
    ]);
    expect(postmasterOf(dataDir)).not.toBe(postmasterOf(other));
    const postmasters = [postmasterOf(dataDir), postmasterOf(other)] as const;
    expect(await Promise.all([mine.end("SIGTERM"), theirs.end("SIGTERM")])).toEqual([0, 0]);
    await expectNothingLeft(dataDir, postmasters[0]);
    await expectNothingLeft(other, postmasters[1]);
  });
});

describe("what keeps it from starting is one line that names it", () => {
  async function expectOneLine(settings: Record<string, string>, ...names: (string | RegExp)[]) {
    const { output, ended } = spawnServer({ DATA_DIR: dataDir, ...settings });
    expect(await ended).toBeGreaterThan(0);
    expect(output.out).toBe("");
    for (const name of names) expect(output.err).toMatch(name);
    expect(output.err.trim().split("\n")).toHaveLength(1);
    expect(isAlive(postmasterOf(dataDir))).toBe(false);
  }

  test("a busy port", async () => {
    const taken: NetServer = createServer();
    await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
    const address = taken.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    await expectOneLine({ PORT: port }, port, "PORT");
    taken.close();
  });
  test("a file where the data folder should be", async () => {
    const file = join(folder.path, "file");
    writeFileSync(file, "");
    await expectOneLine({ DATA_DIR: join(file, "data") }, "DATA_DIR", file);
  });
  test("a data folder that is closed", async () => {
    const closed = join(folder.path, "closed");
    mkdirSync(closed, { mode: process.getuid?.() === 0 ? 0o700 : 0o500 });
    await expectOneLine({ DATA_DIR: join(closed, "data") }, "DATA_DIR", closed);
  });
  test.each([
    [
      "a database host that isn't there",
      "postgres://u:secret-of-mine@no-such-host.invalid/shop",
      "no-such-host.invalid",
    ],
    ["a database nobody serves", "postgres://u:secret-of-mine@127.0.0.1:1/shop", "127.0.0.1:1"],
  ])("%s", async (_what, url, name) => {
    await expectOneLine({ DATABASE_URL: url }, name, /^(?!.*secret-of-mine)/);
  });
  test("a database that refuses the password", async () => {
    const url = new URL(process.env.TEST_DATABASE_URL ?? "");
    url.password = "secret-of-mine";
    await expectOneLine({ DATABASE_URL: url.href }, url.host, /^(?!.*secret-of-mine)/);
  });
  test("settings that make no sense, all of them at once", async () => {
    await expectOneLine({ PORT: "eighty", BCRYPT_COST: "4" }, "PORT", "BCRYPT_COST");
  });
  test("production without its secrets, all of them at once, and without their values", async () => {
    const short = { TOKEN_SECRET: "too-short" };
    await expectOneLine(
      { NODE_ENV: "production", ...short },
      "MASTER_KEY",
      "TOKEN_SECRET",
      /^(?!.*too-short)/,
    );
  });
});
