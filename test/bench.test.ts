import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Flow, measure } from "../bench/driver/measure";
import type { Results } from "../bench/report/results";
import { scenarios } from "../bench/scenarios";
import { statementCounts } from "../bench/statement-counts";
import { temporaryFolder } from "./support/server-process";

const run = promisify(execFile);
const RUN = resolve("dist/bench/run.js");

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

test("the bench fills a shop, measures everything beside the raw limit, and leaves nothing behind", async () => {
  const out = join(folder.path, "results");
  const temporary = join(folder.path, "tmp");
  await run("mkdir", ["-m", "755", temporary]);
  const small = [
    "--products",
    "100",
    "--customers",
    "2",
    "--connections",
    "2",
    "--warmup",
    "0.1",
    "--seconds",
    "0.3",
  ];
  const { stdout } = await run(process.execPath, [RUN, ...small, "--out", out], {
    env: { ...process.env, TMPDIR: temporary },
    timeout: 110_000,
  });

  const found = JSON.parse(readFileSync(join(out, "bench.json"), "utf8")) as Results;
  const expected = scenarios.flatMap(({ name, targets }) =>
    targets.filter((target) => target !== "peer").map((target) => `${name} ${target}`),
  );
  expect(found.rows.map(({ scenario, target }) => `${scenario} ${target}`)).toEqual(expected);
  for (const row of found.rows) {
    expect(row).toMatchObject({ errors: 0, connections: 2 });
    expect(row.perSecond).toBeGreaterThan(0);
    expect(row.p99).toBeGreaterThanOrEqual(row.p50);
  }
  expect(found.products).toBe(100);
  expect(found.start.idleMemoryMb).toBeGreaterThan(10);

  for (const { name, title } of scenarios) {
    const line = stdout.split("\n").find((text) => text.startsWith(`| ${title}`));
    expect(line?.split(" | ")[5]).toBe(String(statementCounts[name]?.ours));
  }
  for (const told of ["product detail, **as shipped: response cache on**", "product detail, two processes"])
    expect(stdout).toContain(`\n| ${told} | 2 | `);
  const chart = readFileSync(join(out, "bench.svg"), "utf8");
  expect(chart).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(chart).not.toMatch(/NaN|undefined/);

  // Programs that lie where the database's user cannot go are copied once, and stay for the next start (native-folder.ts).
  expect(readdirSync(temporary).filter((name) => !name.startsWith("tillgraph-postgres-"))).toEqual([]);
  const { stdout: processes } = await run("ps", ["-eo", "args"]);
  expect(processes.split("\n").filter((line) => line.includes(temporary))).toEqual([]);
}, 120_000);

test("a peer that is not there is said before anything is started", async () => {
  const measuring = run(process.execPath, [RUN, "--peer", "http://127.0.0.1:9/none"]);
  await expect(measuring).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("ECONNREFUSED") });
});

test("errors, refusals in an answer of 200 and bodies in chunks are told apart", async () => {
  const answers = ["HTTP 500", "GraphQL error", "chunked"].values();
  const server = createServer((_request, response) => {
    const { value } = answers.next();
    if (value === "HTTP 500") response.writeHead(500).end("broken");
    else if (value === "GraphQL error") response.end('{"errors":[{"message":"No"}]}');
    else {
      response.write('{"data":');
      setTimeout(() => response.end("{}}"), 1);
    }
  });
  await new Promise<void>((opened) => server.listen(0, "127.0.0.1", opened));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const flow: Flow = async (user) => expect(await user.ask("{ a }")).toEqual({});
  const measured = await measure(flow, { url, connections: 1, warmupSeconds: 0.1, seconds: 0.2 });
  expect(measured).toMatchObject({ errors: 2, firstError: "HTTP 500: broken" });
  expect(measured.flows).toBeGreaterThan(0);
  server.close();
});
