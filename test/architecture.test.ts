import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const src = join(__dirname, "../src");

/** Who may import whom; what is not listed is refused. A folder enters another one only through its index.ts. */
const allowed: Record<string, string[]> = {
  platform: [],
  accounts: ["platform"],
  catalog: ["platform"],
  payments: ["platform"],
  orders: ["platform", "accounts", "catalog", "payments"],
  checkout: ["platform", "accounts", "catalog", "payments", "orders"],
  settlement: ["platform", "payments", "orders", "checkout"],
  verify: ["platform"],
  schema: ["platform", "accounts", "catalog", "payments", "orders", "checkout", "settlement"],
  app: ["platform", "accounts", "catalog", "payments", "orders", "checkout", "settlement", "schema"],
  launch: ["platform"],
  banner: ["platform"],
  "start-checks": ["platform"],
  workers: ["platform"],
  main: ["app", "launch", "banner", "start-checks", "workers", "platform"],
};

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".spec.ts") && !file.startsWith("generated"))
  .map((file) => join(src, file));

/** The room a file is in: its folder under src, or its own name. */
const roomOf = (file: string) => relative(src, file).split(sep)[0]?.replace(/\.ts$/, "") ?? "";

const imports = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const targets = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) =>
    resolve(dirname(file), match[1] ?? ""),
  );
  return targets.filter((target) => target.startsWith(src)).map((target) => ({ file, target }));
});

test("every room is in the table, and the table names no other", () => {
  expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(allowed).sort());
});

test("imports follow platform ← accounts, catalog, payments ← orders ← checkout ← settlement ← schema ← app ← main", () => {
  const wrong = imports.filter(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)];
    return to !== "generated" && from !== to && !allowed[from]?.includes(to);
  });
  expect(wrong.map(({ file, target }) => `${relative(src, file)} imports ${relative(src, target)}`)).toEqual(
    [],
  );
});

test("a feature is entered through its index.ts", () => {
  const features = ["accounts", "catalog", "payments", "orders", "checkout", "settlement"];
  const wrong = imports.filter(({ file, target }) => {
    const inside = relative(src, target).split(sep).length > 1;
    return features.includes(roomOf(target)) && roomOf(file) !== roomOf(target) && inside;
  });
  expect(wrong.map(({ file, target }) => `${relative(src, file)} imports ${relative(src, target)}`)).toEqual(
    [],
  );
});

test("files do not import each other in circles, not even for a type", () => {
  const targetsOf = new Map(files.map((file) => [file, [] as string[]]));
  for (const { file, target } of imports)
    targetsOf.get(file)?.push(targetsOf.has(`${target}.ts`) ? `${target}.ts` : join(target, "index.ts"));
  const seen = new Set<string>();
  const circleFrom = (file: string, way: string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (seen.has(file)) return null;
    seen.add(file);
    for (const target of targetsOf.get(file) ?? []) {
      const circle = circleFrom(target, [...way, file]);
      if (circle) return circle;
    }
    return null;
  };
  const circles = files.flatMap((file) => {
    const circle = circleFrom(file, []);
    return circle ? [circle.map((each) => relative(src, each)).join(" → ")] : [];
  });
  expect(circles).toEqual([]);
});

test.each([
  ["SQL is never assembled from strings", /\$(query|execute)RawUnsafe|Prisma\.raw\b/, [] as string[]],
  ["the clock is asked, not the machine", /\bDate\.now\(\)|new Date\(\)/, ["platform/clock.ts"]],
  ["the environment is read in one place", /process\.env/, ["main.ts"]],
  ["chance is used for keys and jitter alone", /Math\.random\(\)/, ["platform/database.ts"]],
  ["nothing is printed past the log", /console\./, []],
])("%s", (_promise, pattern, exceptions) => {
  const found = files
    .filter((file) => pattern.test(readFileSync(file, "utf8")))
    .map((file) => relative(src, file));
  expect(found.filter((file) => !exceptions.includes(file))).toEqual([]);
});
