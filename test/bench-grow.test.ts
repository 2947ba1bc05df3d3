import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Growth } from "../bench/growth";
import { FILTERED } from "../bench/scenarios/ours";
import { temporaryFolder } from "./support/server-process";

const run = promisify(execFile);
const grow = async (...args: string[]) =>
  (await run(process.execPath, [resolve("dist/bench/grow.js"), ...args], { timeout: 110_000 })).stdout;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

test("a shop is filled once, and measured as it was filled by every later run", async () => {
  const [data, out] = [join(folder.path, "data"), join(folder.path, "results")];
  const small = ["--products", "1000", "--orders", "1", "--data", data, "--out", out];
  const short = ["--warmup", "0.1", "--seconds", "0.2"];
  expect(await grow(...small, "--fill")).toMatch(/filling 1000 products …\nfilling 0 orders …\n$/);

  const stdout = await grow(...small, ...short);
  expect(stdout).not.toContain("filling");

  const { points, imports } = JSON.parse(readFileSync(join(out, "grow.json"), "utf8")) as Growth;
  expect(points.map(({ of, size, flow, errors }) => [of, size, flow, errors])).toEqual([
    ...["list", "detail", "addToCart", "search", ...FILTERED].map((flow) => ["products", 1_000, flow, 0]),
    ...["checkout", "orders"].map((flow) => ["orders", 0, flow, 0]),
  ]);
  expect(imports).toMatchObject([{ size: 1_000, perSecond: expect.any(Number) }]);
  for (const chart of ["catalog", "search", "orders", "import"])
    expect(readFileSync(join(out, `grow-${chart}.svg`), "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
}, 120_000);
