import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvironment } from "./read-environment";

const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "tillgraph-environment-"))];
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test("what the environment has goes before .env, be it empty; neither changes the process's own", () => {
  expect(readEnvironment({ PORT: "1" })).toEqual({ PORT: "1" });
  writeFileSync(".env", "PORT=2\nSHOP_NAME='A shop' # ours\nSHOP_URL=https://shop.example\n");
  expect(readEnvironment({ PORT: "1", SHOP_URL: "" })).toEqual({
    PORT: "1",
    SHOP_NAME: "A shop",
    SHOP_URL: "",
  });
  expect(process.env.SHOP_NAME).toBeUndefined();
});
