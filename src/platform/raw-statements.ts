import pg from "pg";
import { Prisma } from "../generated/prisma/client";
import { parameterOf } from "./pool/parameters";
import type { Pool } from "./pool/pool";
import type { Reader } from "./pool/reader";
import type { Result, Statement } from "./pool/statement";

type Query = TemplateStringsArray | Prisma.Sql;

/** Prisma's tagged templates for statements of our own. */
export type Raw = {
  /** @returns the rows, with values of the types Prisma gives; fails with P2010 when PostgreSQL refuses the statement */
  $queryRaw<Rows = unknown>(query: Query, ...values: unknown[]): Promise<Rows>;
  /** @returns how many rows it changed; fails as `$queryRaw` */
  $executeRaw(query: Query, ...values: unknown[]): Promise<number>;
};

/** `$queryRaw` for those who only read. */
export type RawReads = Pick<Raw, "$queryRaw"> & {
  /** The same as a read of this reader */
  $queryRawAs<Rows = unknown>(reader: Reader, query: Query, ...values: unknown[]): Promise<Rows>;
};

/**
 * Prisma's raw statements, sent to `pool` without passing through its engine, which writes parameters and rows as JSON and reads them again:
 * that costs more than all the rest of a small statement. `nameOf` is the adapter's, so that both prepare a text once.
 */
export function rawStatements(pool: Pool, nameOf: (query: { sql: string }) => string): Raw & RawReads {
  const known = new WeakMap<TemplateStringsArray, Pick<Statement, "name" | "text">>();

  /** A template without fragments has one text only. */
  function prepare(query: Query, values: unknown[]): Statement {
    if ("sql" in query || values.some((value) => value instanceof Prisma.Sql)) {
      const sql = "sql" in query ? query : Prisma.sql(query, ...values);
      const { text } = sql;
      return { name: nameOf({ sql: text }), text, values: sql.values.map(parameterOf) };
    }
    let named = known.get(query);
    if (!named) {
      const { text } = Prisma.sql(query, ...values);
      named = { name: nameOf({ sql: text }), text };
      known.set(query, named);
    }
    return { ...named, values: values.map(parameterOf) };
  }

  async function run(query: Query, values: unknown[], reader?: Reader): Promise<Result> {
    try {
      return await pool.run(prepare(query, values), reader);
    } catch (error) {
      throw error instanceof pg.DatabaseError ? refused(error) : error;
    }
  }

  const $queryRawAs = async (reader: Reader, query: Query, ...values: unknown[]) =>
    (await run(query, values, reader)).rows;
  const $queryRaw = async (query: Query, ...values: unknown[]) => (await run(query, values)).rows;
  const $executeRaw = async (query: Query, ...values: unknown[]) => (await run(query, values)).count;
  return { $queryRaw, $queryRawAs, $executeRaw } as Raw & RawReads;
}

/** A view of `db` whose `$queryRaw` statements are this reader's: they have two seconds, and are given up when it is over. */
export function readingAs<From extends RawReads>(db: From, reader: Reader): From {
  return Object.create(db, { $queryRaw: { value: db.$queryRawAs.bind(db, reader) } });
}

/** PostgreSQL's refusal as Prisma tells it; its other details may hold values. */
function refused({ code, message }: pg.DatabaseError) {
  return new Prisma.PrismaClientKnownRequestError(
    `Raw query failed. Code: \`${code}\`. Message: \`${message}\``,
    {
      code: "P2010",
      clientVersion: Prisma.prismaVersion.client,
      meta: { driverAdapterError: { cause: { originalCode: code, originalMessage: message } } },
    },
  );
}
