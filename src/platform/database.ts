import { setTimeout as wait } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "../generated/prisma/client";
import { CONNECTION_WAIT_MS, openPool, type Pool } from "./pool/pool";
import { type Raw, type RawReads, rawStatements } from "./raw-statements";
import { prismaNames, statementNames } from "./statement-names";

type WithRaw<Client> = Omit<Client, keyof Raw> & Raw;
/** Opens transactions and runs single statements. */
export type Db = WithRaw<PrismaClient> & RawReads;
declare const open: unique symbol;
/** Proof that a transaction is open: only `transact` makes one, so a step that must be atomic cannot be called outside. */
export type Tx = WithRaw<Prisma.TransactionClient> & { readonly [open]: true };
/** Where a single statement may run: on its own or inside a transaction. */
export type Sql = Db | Tx;

/** Those who open a database for themselves alone need few connections, and no more than these wait for one. */
const MOST_WAITING = 1_000;

/**
 * The Prisma client on its own pool of prepared connections. `onPoolError` hears of connections that die while idle. Statements and
 * transactions may take `statementMs`, as long as a request's when it isn't given.
 */
export function openDatabase(
  url: string,
  size: number,
  onPoolError: (error: Error) => void,
  statementMs?: number,
): Db {
  return createClient(openPool(url, { size, queue: MOST_WAITING, statementMs }), onPoolError);
}

/**
 * The Prisma client on `pool`, which ends with it. Raw statements outside of transactions take a shorter way (raw-statements.ts) to the
 * same connections.
 */
export function createClient(pool: Pool, onPoolError: (error: Error) => void): Db {
  const nameOf = statementNames();
  pool.connections.on("error", onPoolError);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool.connections, { statementNameGenerator: prismaNames(nameOf) }),
    errorFormat: "minimal",
    transactionOptions: { maxWait: CONNECTION_WAIT_MS, timeout: pool.statementMs },
  });
  async function $disconnect() {
    await client.$disconnect();
    if (!pool.connections.ending) await pool.connections.end();
  }
  // Not as an extension of Prisma's: the client of a transaction would have these, too, and they run outside of it.
  const own = { ...rawStatements(pool, nameOf), $disconnect };
  return Object.create(client, Object.getOwnPropertyDescriptors(own));
}

const ATTEMPTS = 5;

/**
 * Runs `work` in one transaction, again (at most five times, with jitter) when it lost a race: a unique key taken meanwhile (P2002), a
 * serialization failure or deadlock (P2034; P2010 of a statement of our own). The next round finds the winner's row. Inside an
 * open transaction it joins that one.
 */
export async function transact<Result>(sql: Sql, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  if (!opens(sql)) return work(sql);
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql.$transaction((tx) => work(tx as Tx));
    } catch (error) {
      if (attempt === ATTEMPTS || !lostRace(error)) throw error;
      await afterLostRace(attempt);
    }
  }
}

/** How long the loser of a race waits before its next attempt (counted from 1): jitter keeps losers from meeting again. */
export const afterLostRace = (attempt: number) => wait(Math.random() * 10 * 2 ** attempt);

const opens = (sql: Sql): sql is Db => "$transaction" in sql;

/**
 * PostgreSQL: unique key taken, a CHECK broken, serialization failure, deadlock. Statements of our own (P2010) report these. A CHECK is
 * among them because an UPDATE holds it against the row as its snapshot had it before it looks for a newer one: stock that came back
 * while the statement waited breaks it for nothing.
 */
const LOST_RACES = new Set(["23505", "23514", "40001", "40P01"]);
type RaceError = {
  code?: string;
  meta?: { driverAdapterError?: { cause?: { originalCode?: string } } };
} | null;

/** Whether an error says that another transaction won: worth another round. */
export function lostRace(error: unknown): boolean {
  const { code, meta } = (error as RaceError) ?? {};
  return (
    code === "P2002" ||
    code === "P2034" ||
    LOST_RACES.has(meta?.driverAdapterError?.cause?.originalCode ?? "")
  );
}
