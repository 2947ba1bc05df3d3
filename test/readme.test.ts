import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seedDemo } from "../prisma/seed";
import { settingNames } from "../src/platform/config";
import { startTestApp, type TestApp } from "./support/app";

const read = (file: string) => readFileSync(join(__dirname, "..", file), "utf8");
const readme = read("README.md");
const sale = readme.slice(readme.indexOf("## A first sale"), readme.indexOf("## Your own products"));

/** The operations as printed, each with the variables printed under it. */
const steps = sale
  .split("```graphql\n")
  .slice(1)
  .map((text) => {
    const [document = "", rest = ""] =
      text.split("```", 2).length > 1
        ? [text.slice(0, text.indexOf("```")), text.slice(text.indexOf("```") + 3)]
        : [text];
    const variables = /```json\n([\s\S]*?)```/.exec(rest)?.[1];
    return { document, variables: variables ?? "{}" };
  });

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await seedDemo(app.platform);
});
afterAll(async () => {
  await app.close();
});

/** Puts the answers of earlier steps where the variables say `<step: path>`. */
const fill = (variables: string, answers: unknown[]) =>
  JSON.parse(variables, (_key, value) => {
    const [, step, path] = /^<(\d): ([\w.]+)>$/.exec(String(value)) ?? [];
    if (!step || !path) return value;
    // biome-ignore lint/suspicious/noExplicitAny: walks any answer
    return path.split(".").reduce((at: any, part) => at[part], answers[Number(step) - 1]);
  });

test("the first sale works as printed", async () => {
  expect(steps).toHaveLength(5);
  const answers: Record<string, never>[] = [];
  for (const { document, variables } of steps) {
    const headers = { "idempotency-key": randomUUID() };
    const { data, errors } = await app.ask(null, document, fill(variables, answers), headers);
    expect(errors).toEqual([]);
    answers.push(data);
  }
  const [find, , address, pay, order] = answers as never as Record<string, Record<string, never>>[];
  expect(find?.search).toMatchObject({ correctedQuery: "headphones" });
  expect(address?.updateCart).toMatchObject({ cart: { blockers: [] }, userErrors: [] });
  expect(pay?.checkout).toMatchObject({ order: { status: "OPEN", paymentStatus: "PAID" }, userErrors: [] });
  expect(order?.guestOrder).toMatchObject({ status: "OPEN", paymentStatus: "PAID" });
}, 60_000);

test("every setting is in the table, and no other", () => {
  const table = readme.slice(readme.indexOf("## Settings"), readme.indexOf("## In production"));
  const rows = [...table.matchAll(/^\| (.+?) \|/gm)].map((match) => match[1] ?? "");
  const listed = rows.flatMap((row) => [...row.matchAll(/`([A-Z][A-Z_]+)`/g)].map((match) => match[1]));
  expect(listed.sort()).toEqual([...settingNames].sort());
});

const compose = read("compose.yaml");
const shop = compose.slice(compose.indexOf("\n  shop:"));
const image = new Map(
  /^ENV (.*)$/m
    .exec(read("Dockerfile"))?.[1]
    ?.split(" ")
    .map((pair) => pair.split("=") as [string, string]),
);

test("compose.yaml passes every setting on that the image does not set, under its own name", () => {
  const given = [
    ...shop.matchAll(/^ {6}(DATABASE_(?:OWNER_)?URL): postgres:|^ {6}([A-Z_]+): \$\{\2:[-?]\}$/gm),
  ];
  const names = [...given.map((match) => match[1] ?? match[2]), ...image.keys()];
  expect(names.sort()).toEqual([...settingNames].sort());
});

test("where the root cannot be written, DATA_DIR is a volume", () => {
  expect(shop).toMatch(/^ {4}read_only: true$/m);
  expect(shop).toContain(`\n      - shop:${image.get("DATA_DIR")}\n`);
});

test(".env.example names all that compose.yaml asks for, and beside it only settings", () => {
  const named = [...read(".env.example").matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1] ?? "");
  const asked = [...compose.matchAll(/\$\{([A-Z_]+):\?\}/g)].map((match) => match[1] ?? "");
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => ![...settingNames, ...asked].includes(name))).toEqual([]);
  expect(asked.filter((name) => !named.includes(name))).toEqual([]);
});
