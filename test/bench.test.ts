import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Flow, measure, WARM_CONNECTIONS } from "../bench/driver/measure";
import { sumUp, takeTurns, warmUp } from "../bench/driver/turns";
import { findNodeOf } from "../bench/peer-node";
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
    "0", // all of it, by 16 at once, takes half a minute: hashes are slow
    "--settle",
    "0.1",
    "--seconds",
    "0.3",
    "--turns",
    "1", // each is a process
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
  const load = { url, connections: 1, settleSeconds: 0.1, seconds: 0.2 };
  const measured = sumUp([await measure(flow, load)], 1);
  expect(measured).toMatchObject({ errors: 2, firstError: "HTTP 500: broken" });
  expect(measured.flows).toBeGreaterThan(0);
  server.close();
});

test("a server is warmed up by many before it is measured by few, and what the many saw is in no figure", async () => {
  const SLOW_MS = 1_000; // longer than a busy machine pauses
  let atOnce = 0;
  let most = 0;
  const warmUntil = performance.now() + 300;
  const server = createServer((_request, response) => {
    most = Math.max(most, ++atOnce);
    setTimeout(
      () => {
        atOnce -= 1;
        response.end("{}");
      },
      performance.now() < warmUntil ? SLOW_MS : 1,
    );
  });
  await new Promise<void>((opened) => server.listen(0, "127.0.0.1", opened));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let answered = 0;
  const flow: Flow = async (user) => {
    await user.ask("{ a }");
    answered += 1;
  };
  await warmUp(url, 0.3, (load) => measure(flow, load));
  expect(most).toBe(WARM_CONNECTIONS);
  const measured = sumUp([await measure(flow, { url, connections: 1, settleSeconds: 0.2, seconds: 0.3 })], 1);
  server.close();
  expect(measured.errors).toBe(0);
  expect(measured.flows).toBeLessThan(answered - WARM_CONNECTIONS);
  expect(measured.p99).toBeLessThan(SLOW_MS);
});

test("what fails while a server is warmed up fails the run", async () => {
  const flow: Flow = () => Promise.reject(new Error("Nobody is there"));
  const warming = warmUp("http://127.0.0.1:9/", 0.05, (load) => measure(flow, load));
  await expect(warming).rejects.toThrow("http://127.0.0.1:9/, while it was warmed up: Nobody is there");
});

const turn = (latencies: number[], seconds: number, errors = 0) => ({
  latencies,
  seconds,
  errors,
  firstError: errors > 0 ? `of ${seconds}` : null,
});

test("turns are summed up: so many users by what a flow took on average, latencies as if they were of one turn, and no error is lost", () => {
  const fast = turn([100, 100, 100, 100, 100, 200], 1);
  expect(sumUp([fast, turn([900, 400], 3, 2), turn([], 4, 1)], 2)).toEqual({
    flows: 8,
    perSecond: 8,
    p50: 100,
    p99: 900,
    errors: 3,
    firstError: "of 3",
  });
  expect(sumUp([turn([], 1)], 2)).toMatchObject({ flows: 0, perSecond: 0 });
});

test("servers take turns; one whose turn takes half a minute has one", async () => {
  const order: string[] = [];
  const taken = await takeTurns(["quick", "slow"], 3, async (one) => {
    order.push(one);
    return turn([1], one === "slow" ? 30 : 29);
  });
  expect(order).toEqual(["quick", "slow", "quick", "quick"]);
  expect([...taken].map(([one, had]) => [one, had.length])).toEqual([
    ["quick", 3],
    ["slow", 1],
  ]);
});

test("a server whose flows take longer than a turn is measured until some have ended for each user, and is as quick as its flows are", async () => {
  const server = createServer((_request, response) => setTimeout(() => response.end("{}"), 100));
  await new Promise<void>((opened) => server.listen(0, "127.0.0.1", opened));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const load = { url, connections: 3, settleSeconds: 0, seconds: 0.25 };
  const measured = await measure((user) => user.send("{ a }"), load);
  server.close();
  expect(measured.latencies.length).toBeGreaterThanOrEqual(12);
  expect(measured.seconds).toBeGreaterThan(0.35);
  expect(sumUp([measured], 3).perSecond).toBeLessThan(30.5); // a timer may be half a millisecond early
});

test("which Node a server on this machine runs on is told by its own program; of one elsewhere nobody knows", async () => {
  const server = createServer();
  await new Promise<void>((opened) => server.listen(0, "127.0.0.1", opened));
  const { port } = server.address() as AddressInfo;
  const isTold = spawnSync("ss", ["-V"]).status === 0; // the system's own tool, which not every machine has
  expect(await findNodeOf(`http://127.0.0.1:${port}/`)).toBe(isTold ? process.version : null);
  expect(await findNodeOf(`http://192.0.2.1:${port}/`)).toBeNull();
  server.close();
});
