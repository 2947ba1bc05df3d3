import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { runArrivals } from "../bench/mixed/arrivals";
import type { MixedResults } from "../bench/mixed/report";
import type { Rates } from "../bench/mixed/traffic";
import type { ShopData } from "../bench/scenarios/ours";
import { temporaryFolder } from "./support/server-process";

const run = promisify(execFile);
const data = { terms: ["a"], phrases: ["a b"], collectionIds: ["c"], variantIds: ["v"] } as ShopData;

/** What becomes of flows at such `rates` against a server that answers as `answer` does. */
async function drive(rates: Rates, seconds: number, answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((opened) => server.listen(0, "127.0.0.1", opened));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const segments = [{ name: "flows", rates, seconds }];
  const [seen] = await runArrivals({ url, data, addresses: 1, segments }).finally(() => server.close());
  if (!seen) throw new Error("Nothing was seen");
  return seen;
}
const search = (rate: number, seconds: number, answer: RequestListener) =>
  drive({ search: rate }, seconds, answer);

test("flows begin by the clock: a server that answers late is not asked less, and what is late counts from when it was due", async () => {
  const slow = 400;
  const seen = await search(100, 1, (_request, response) => setTimeout(() => response.end("{}"), slow));
  const { sent, done, p50 } = seen.kinds.search ?? { sent: 0, done: 0, p50: 0 };
  expect(sent).toBeGreaterThan(50);
  expect(done).toBe(sent);
  expect(p50).toBeGreaterThanOrEqual(slow);
  expect(seen.donePerSecond).toBeLessThan(sent); // those of the last moments came after the second was over
  expect(seen.begunLate).toBeLessThan(slow);
  expect(seen.usualAfter).toBeNull();
});

test("being turned away is told from failing, and from being turned away without a word on when to come again", async () => {
  let asked = 0;
  const seen = await search(100, 1, (_request, response) => {
    asked += 1;
    if (asked % 4 === 1) response.writeHead(503, { "retry-after": "1" }).end("{}");
    else if (asked % 4 === 2) response.writeHead(429).end("{}");
    else if (asked % 4 === 3) response.writeHead(500).end("broken");
    else response.end("{}");
  });
  const { sent = 0, done = 0, refused = 0, failed = 0 } = seen.kinds.search ?? {};
  expect(refused).toBe(Math.ceil(asked / 4) + Math.ceil((asked - 1) / 4));
  expect(failed).toBe(Math.ceil((asked - 2) / 4));
  expect(done + refused + failed).toBe(sent);
  expect(seen.refusals).toMatchObject({ count: refused, untold: Math.ceil((asked - 1) / 4) });
  expect(seen.firstFailure).toBe("search: HTTP 500: broken");
});

test("what was refused late is told from what was refused at once, and a checkout that had its cart from one that never began", async () => {
  const answers = { createCart: '{"data":{"createCart":{"cart":{"id":"cart_1"}}}}' };
  const refuse = (response: ServerResponse) => response.writeHead(503, { "retry-after": "1" }).end("{}");
  const counted = { begun: 0, asked: 0 };
  const seen = await drive({ checkout: 60 }, 1, (request, response) => {
    request.setEncoding("utf8").once("data", (head: string) => {
      const isFirst = head.includes("createCart");
      if (isFirst) counted.asked++;
      if (isFirst && counted.asked % 3 === 0) refuse(response);
      else if (isFirst) {
        counted.begun++;
        response.end(answers.createCart);
      } else setTimeout(refuse, 200, response);
    });
  });
  const { begun, asked } = counted;
  expect(begun).toBeGreaterThan(10);
  expect(seen.kinds.checkout).toMatchObject({
    sent: asked,
    done: 0,
    refused: asked,
    refusedMidway: begun,
    failed: 0,
  });
  expect(seen.refusals.count).toBe(asked);
  expect(seen.refusals.late).toBeGreaterThanOrEqual(begun);
  expect(seen.refusals.late).toBeLessThan(asked);
  expect(seen.refusals.p90).toBeGreaterThanOrEqual(199);
});

test("after trouble at the beginning it is said when all went as usual again", async () => {
  const began = performance.now();
  const seen = await search(50, 6, (_request, response) => {
    const over = performance.now() - began > 1_500;
    response.writeHead(over ? 200 : 503, { "retry-after": "1" }).end("{}");
  });
  expect(seen.usualAfter).toBe(2);
}, 10_000);

test("a shop is put under mixed load, too much of it and a flood of logins, and is in order afterwards", async () => {
  const folder = await temporaryFolder();
  const few = ["--products", "100", "--minutes", "0.05", "--knee", "40", "--warmup", "1"];
  const short = ["--overload-seconds", "2", "--calm-seconds", "4", "--flood-seconds", "2"];
  try {
    const file = resolve("dist/bench/mixed.js");
    const { stdout } = await run(process.execPath, [file, ...few, ...short, "--out", folder.path], {
      timeout: 110_000,
    });
    const found = JSON.parse(readFileSync(join(folder.path, "mixed.json"), "utf8")) as MixedResults;
    expect(found).toMatchObject({ knee: 40, broken: 0, everyday: { unsent: 0, firstFailure: null } });
    expect(Object.keys(found.everyday.kinds)).toEqual(expect.arrayContaining(["search", "read", "cart"]));
    expect(found.flood.kinds.login?.sent).toBeGreaterThan(200);
    expect(found.looks).toHaveLength(2);
    for (const { heapMb, handles, databaseConnections } of found.looks) {
      expect(heapMb).toBeGreaterThan(10);
      expect(Math.min(handles, databaseConnections)).toBeGreaterThan(0);
    }
    expect(readFileSync(join(folder.path, "mixed.md"), "utf8")).not.toMatch(/NaN|undefined/);
    expect(stdout).toContain("| invariants broken in the end | 0 | 0 |");
  } finally {
    folder.remove();
  }
}, 120_000);
