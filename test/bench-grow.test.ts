import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Growth, middleOf } from "../bench/growth";
import { FILTERED } from "../bench/scenarios/ours";
import { temporaryFolder } from "./support/server-process";

const run = promisify(execFile);
const GROW = resolve("dist/bench/grow.js");
const grow = async (...args: string[]) =>
  (await run(process.execPath, [GROW, ...args], { cwd: folder.path, timeout: 110_000 })).stdout;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

test("a shop is filled once, and measured as it was filled by every later run", async () => {
  const [data, out] = [join(folder.path, "data"), join(folder.path, "results")];
  const small = ["--products", "1000", "--orders", "1", "--data", data, "--out", out];
  const short = ["--warmup", "0.1", "--settle", "0.1", "--seconds", "0.2", "--readme"];
  const markers = ["<!-- bench:grow: written by npm run bench:grow -- --readme -->", "<!-- /bench:grow -->"];
  writeFileSync(join(folder.path, "README.md"), `before\n${markers.join("\nof old\n")}\nafter\n`);
  expect(await grow(...small, "--fill")).toMatch(/filling 1000 products …\nfilling 0 orders …\n$/);

  const stdout = await grow(...small, ...short);
  expect(stdout).not.toContain("filling");

  const { points, imports } = JSON.parse(readFileSync(join(out, "grow.json"), "utf8")) as Growth;
  expect(points.map(({ of, size, flow, errors }) => [of, size, flow, errors])).toEqual([
    ...["list", "detail", "addToCart", "search", ...FILTERED].map((flow) => ["products", 1_000, flow, 0]),
    ...["checkout", "orders"].map((flow) => ["orders", 0, flow, 0]),
  ]);
  expect(imports).toMatchObject([{ size: 1_000, perSecond: expect.any(Number) }]);
  const tables = readFileSync(join(out, "grow.md"), "utf8");
  for (const line of [
    /^\| beside \| 1,000 products \| most \/ fewest \| promised \|$/m,
    /^\| product list \| [\d.]+ \| 1\.00× \| ≤ 1\.5× \|$/m,
    /^\| search by tag \| [\d.]+ \| 1\.00× \| ≤ 50 ms \|$/m,
    /^\| import, new products a second \| [\d,.]+ \| 1\.00× \| {2}\|$/m,
    /^\| whole guest checkout \| [\d.]+ \| 1\.00× \| ≤ 1\.5× \|$/m,
  ])
    expect(tables).toMatch(line);
  const readme = readFileSync(join(folder.path, "README.md"), "utf8");
  expect(readme).toBe(`before\n${markers[0]}\n\n${tables}\n${markers[1]}\nafter\n`);
  for (const chart of ["catalog", "search", "orders", "import"])
    expect(readFileSync(join(out, `grow-${chart}.svg`), "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
}, 120_000);

test("of several turns the one in the middle counts, and no error of any is lost", () => {
  const turn = (p50: number, errors = 0) => ({
    flows: 10,
    perSecond: 10,
    p50,
    p99: 2 * p50,
    errors,
    firstError: errors > 0 ? `of ${p50}` : null,
  });
  expect(middleOf([turn(9), turn(1), turn(3)])).toEqual(turn(3));
  expect(middleOf([turn(9, 2), turn(1, 1), turn(3)])).toEqual({ ...turn(3), errors: 3, firstError: "of 9" });
});
