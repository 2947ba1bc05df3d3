import { Prisma } from "../src/generated/prisma/client";
import { startTestApp } from "./support/app";

test("ever new statements take no ever more memory of PostgreSQL's: a connection forgets those it used least recently", async () => {
  const app = await startTestApp({ DATABASE_POOL: "2" });
  const prepared = async () => {
    const [row] = await app.db.$queryRaw<[{ count: number; first: boolean }]>`
      SELECT count(*)::int AS count, bool_or(statement = 'SELECT 1 AS c0') AS first FROM pg_prepared_statements`;
    return row;
  };
  const ask = (n: number) =>
    app.db.$queryRaw<Record<string, number>[]>(
      Prisma.sql([`SELECT 1 AS c${n}`] as unknown as TemplateStringsArray),
    );
  for (let n = 0; n < 600; n++) {
    expect(await ask(n)).toEqual([{ [`c${n}`]: 1 }]);
    if (n % 100 === 0) await ask(0); // in use
  }
  const { count, first } = await prepared();
  expect([count < 300, first]).toEqual([true, true]);
  expect(await ask(1)).toEqual([{ c1: 1 }]); // forgotten, and known again
  await app.close();
});

test("however many statements were asked for, a new one is parsed and planned once", async () => {
  const app = await startTestApp({ DATABASE_POOL: "2" });
  const ask = (n: number) =>
    app.db.$queryRaw<Record<string, number>[]>(
      Prisma.sql([`SELECT 1 AS c${n}`] as unknown as TemplateStringsArray),
    );
  for (let n = 0; n < 2_100; n++) await ask(n);
  const [row] = await app.db.$queryRaw<[{ last: boolean }]>`
    SELECT bool_or(statement = 'SELECT 1 AS c2099') AS last FROM pg_prepared_statements`;
  expect(row.last).toBe(true);
  await app.close();
});
