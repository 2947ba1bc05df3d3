import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "../src/generated/prisma/client";
import { type Db, lostRace, openDatabase } from "../src/platform/database";
import { isUnavailable, sqlStateOf } from "../src/platform/errors";
import type { Raw } from "../src/platform/raw-statements";
import { createTestDatabase } from "./support/test-database";

let ours: Db;
let prismas: PrismaClient;
let both: Raw[];
beforeAll(async () => {
  const { url } = await createTestDatabase();
  ours = openDatabase(url, 2, () => undefined);
  const adapter = new PrismaPg({ connectionString: url, statement_timeout: 15_000 });
  prismas = new PrismaClient({ adapter, errorFormat: "minimal" });
  both = [ours, prismas];
});
afterAll(() => Promise.all([ours.$disconnect(), prismas.$disconnect()]));

/** What both ways answer, our own twice: the second time the answer is not described any more. */
async function answers(query: Prisma.Sql) {
  const [first, second, expected] = [
    await ours.$queryRaw(query),
    await ours.$queryRaw(query),
    await prismas.$queryRaw(query),
  ];
  return { first, second, expected };
}

const VALUES = [
  "true::bool",
  "false::bool",
  "7::int2",
  "'-2147483648'::int4",
  "9223372036854775807::int8",
  "7::oid",
  "1.5::float4",
  "0.1::float8",
  "'NaN'::float8",
  "'-Infinity'::float8",
  "12345678901234567890.123456789::numeric",
  "0::numeric(10,2)",
  `'a "quoted" \\ text, with , and { and ü'::text`,
  "''::text",
  "'abc'::varchar(10)",
  "'ab'::char(4)",
  "'5c1bd2a1-5b0e-4d6f-9f0e-0242ac120002'::uuid",
  '\'{"a": [1, null, "ü"], "b": 1.50}\'::json',
  '\'{"a": [1, null, "ü"], "b": 1.50}\'::jsonb',
  "'null'::jsonb",
  "'2026-02-28'::date",
  "'2026-02-28 23:59:59.123'::timestamp",
  "'2026-02-28 23:59:59'::timestamptz",
  "'2026-02-28 23:59:59.123456+05:30'::timestamptz",
  "'\\x00ff10'::bytea",
  "''::bytea",
  "'ACTIVE'::account_status",
];
const typeOf = (value: string) => value.slice(value.lastIndexOf("::") + 2);
const types = [...new Set(VALUES.map(typeOf))];

test("a value of each type that we use arrives as Prisma would give it", async () => {
  const columns = VALUES.map((value, at) => `${value} AS c${at}`).join(", ");
  const { first, second, expected } = await answers(Prisma.raw(`SELECT ${columns}`));
  expect(first).toStrictEqual(expected);
  expect(second).toStrictEqual(expected);
});

test("NULL of each type is null, and no rows are no rows", async () => {
  const columns = types.map((type, at) => `NULL::${type} AS c${at}`).join(", ");
  for (const end of ["", " WHERE false"]) {
    const { first, second, expected } = await answers(Prisma.raw(`SELECT ${columns}${end}`));
    expect(first).toStrictEqual(expected);
    expect(second).toStrictEqual(expected);
  }
});

test("arrays of each type, with NULL in them and empty, arrive as Prisma would give them", async () => {
  const arrays = types.flatMap((type) => {
    const of = VALUES.filter((value) => typeOf(value) === type);
    return [`ARRAY[${of}, NULL]::${type}[]`, `ARRAY[]::${type}[]`];
  });
  const columns = arrays.map((array, at) => `${array} AS c${at}`).join(", ");
  const { first, second, expected } = await answers(Prisma.raw(`SELECT ${columns}`));
  expect(first).toStrictEqual(expected);
  expect(second).toStrictEqual(expected);
});

const PARAMETERS: [value: unknown, type: string][] = [
  ["plain", "text"],
  ["", "text"],
  [`quotes ' " \\ { } , \n ü 🦔`, "text"],
  [null, "text"],
  [undefined, "text"],
  [true, "bool"],
  [false, "bool"],
  [-7, "int4"],
  [1.5, "float8"],
  [1e300, "float8"],
  [9_223_372_036_854_775_807n, "int8"],
  [new Prisma.Decimal("12345678901234567890.123456789"), "numeric"],
  [new Prisma.Decimal("1e-7"), "numeric"],
  [new Date("2026-02-28T23:59:59.123Z"), "timestamptz"],
  [new Date("1969-12-31T00:00:00Z"), "timestamptz"],
  [new Date("2026-02-28T23:59:59.123Z"), "timestamp"],
  [new Date("2026-02-28T23:59:59.123Z"), "date"],
  [Buffer.from([0, 255, 92]), "bytea"],
  [new Uint8Array([0, 255, 92]).subarray(1), "bytea"],
  [new Uint8Array(), "bytea"],
  [{ a: [1, null, "ü"], at: new Date(0), b: undefined }, "jsonb"],
  [{ deep: { big: 5n } }, "jsonb"],
  ["5c1bd2a1-5b0e-4d6f-9f0e-0242ac120002", "uuid"],
  ["ACTIVE", "account_status"],
  [[], "text[]"],
  [["a", "", null, `quotes ' " \\ { } , NULL`, "NULL"], "text[]"],
  [[1, 2.5, null], "float8[]"],
  [[1n, 9_223_372_036_854_775_807n], "int8[]"],
  [[true, false], "bool[]"],
  [[new Date("2026-02-28T23:59:59.123Z"), null], "timestamptz[]"],
  [[Buffer.from([0, 255, 92]), Buffer.alloc(0)], "bytea[]"],
  [[new Prisma.Decimal("0.10")], "numeric[]"],
  [["5c1bd2a1-5b0e-4d6f-9f0e-0242ac120002"], "uuid[]"],
  [[{ a: `"` }, { b: [1] }], "jsonb[]"],
];

test.each(PARAMETERS)("the parameter %p arrives as %s as Prisma would send it", async (value, type) => {
  const query = Prisma.sql(["SELECT ", `::${type}::text AS sent`], value);
  const { first, second, expected } = await answers(query);
  expect(first).toStrictEqual(expected);
  expect(second).toStrictEqual(expected);
});

test("fragments, lists and nothing at all can stand in a template, also where another stood before", async () => {
  const ask = ({ $queryRaw }: Pick<Raw, "$queryRaw">, end: unknown) =>
    $queryRaw`SELECT ${1}::int AS one ${end} ORDER BY ${2}::int`;
  const ends = [
    Prisma.empty,
    Prisma.sql`FROM (SELECT ${"x"}::text) AS x WHERE ${true} AND ${3}::int IN (${Prisma.join([1, 2, 3])})`,
    Prisma.sql`WHERE ${Prisma.sql`${false}`}`,
  ];
  const [mine, theirs] = await Promise.all(
    both.map(async (db) => {
      const found = [];
      for (const end of ends) found.push(await ask({ $queryRaw: db.$queryRaw.bind(db) }, end));
      return found;
    }),
  );
  expect(mine).toStrictEqual([[{ one: 1 }], [{ one: 1 }], []]);
  expect(theirs).toStrictEqual(mine);
});

test("$executeRaw tells how many rows were changed, or found", async () => {
  for (const db of both) {
    await db.$executeRaw`CREATE TEMP TABLE numbers AS SELECT generate_series(1, 5) AS n`;
    const counts = [
      await db.$executeRaw`UPDATE numbers SET n = n + ${1} WHERE n > ${3}`,
      await db.$executeRaw`INSERT INTO numbers VALUES (${9}), (${10})`,
      await db.$executeRaw`DELETE FROM numbers WHERE n = ${100}`,
      await db.$executeRaw`SELECT 1 FROM numbers`,
    ];
    expect(counts).toEqual([2, 2, 0, 7]);
  }
});

/** What the house reads in an error. Prisma writes a line about itself before the message. */
const toldBy = (error: unknown) => ({
  code: (error as { code?: string }).code,
  message: (error as Error).message.split("\n").at(-1),
  state: sqlStateOf(error),
  unavailable: isUnavailable(error),
  lostRace: lostRace(error),
});
const failureOf = (db: Raw, query: Prisma.Sql) => db.$queryRaw(query).then(() => null, toldBy);

test.each([
  ["nonsense", "SELEC 1"],
  ["a missing table", "SELECT * FROM nowhere"],
  ["a missing column", "SELECT nothing FROM accounts"],
  ["a bad value", "SELECT 'x'::int"],
  ["a number too large", "SELECT 3000000000::int8::int4"],
  ["division by zero", "SELECT 1 / 0"],
  ["a message of ours", "DO $$ BEGIN RAISE EXCEPTION 'NOT_OURS' USING DETAIL = 'a value'; END $$"],
  ["a unique key", "DO $$ BEGIN RAISE EXCEPTION 'taken' USING ERRCODE = '23505', CONSTRAINT = 'x'; END $$"],
  ["a lost serialization", "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"],
  ["a deadlock", "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END $$"],
  ["a CHECK", "DO $$ BEGIN RAISE EXCEPTION 'stock' USING ERRCODE = '23514'; END $$"],
  ["a full server", "DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53300'; END $$"],
  ["a server that stops", "DO $$ BEGIN RAISE EXCEPTION 'bye' USING ERRCODE = '57P01'; END $$"],
  ["a cancelled statement", "DO $$ BEGIN RAISE EXCEPTION 'cancelled' USING ERRCODE = '57014'; END $$"],
])("%s is refused as Prisma would tell it", async (_name, statement) => {
  const query = Prisma.raw(statement);
  const [mine, theirs] = [await failureOf(ours, query), await failureOf(prismas, query)];
  expect(mine).toEqual(theirs);
  expect(mine?.code).toBe("P2010");
});

test.each([
  ["without text", "", []],
  ["that says nothing", "-- nothing", []],
  ["that copies to its client", "COPY (SELECT 1) TO STDOUT", []],
  ["that copies from its client", "COPY accounts FROM STDIN", expect.objectContaining({ state: "57014" })],
])("a statement %s ends, and the connection is as good as before", async (_what, text, end) => {
  expect(await ours.$queryRaw(Prisma.raw(text)).catch(toldBy)).toEqual(end);
  expect(await ours.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
});

test("a database that isn't there is told as unavailable, and can be closed without ever having been reached", async () => {
  const nowhere = openDatabase("postgres://nobody@127.0.0.1:1/nothing", 2, () => undefined);
  expect(await failureOf(nowhere, Prisma.sql`SELECT 1`)).toMatchObject({ unavailable: true });
  await nowhere.$disconnect();
});
