import pg from "pg";
import { Abandoned } from "../errors";
import { type Answer, queueForConnections } from "./connection-queue";
import { type LineEvents, watchLine } from "./line";
import { shareForReads } from "./read-share";
import type { Reader } from "./reader";
import { limitReads } from "./reads";
import { type Result, RunStatement, type Statement } from "./statement";

/** Requests wait this long for a connection before they are answered 503. */
export const CONNECTION_WAIT_MS = 10_000;
/** No statement of ours comes near it; a lock that waits longer is a fault. Reads have a limit of their own. */
const STATEMENT_LIMIT_MS = 15_000;
/** When not even the database's refusal arrives so long after a statement's time is up, the connection is given up. */
const SILENCE_MS = 1_000;

/**
 * At most `size` connections; at most `queue` statements and transactions wait for one, further ones are refused at once. A statement, and
 * a transaction, may take `statementMs`.
 */
export type PoolLimits = { size: number; queue: number; statementMs?: number };

/** Connections to one database. */
export type Pool = {
  /** What Prisma's adapter works with */
  readonly connections: pg.Pool;
  /** Runs one statement on a connection of its own turn; as a read of this reader, if one is given (reads.ts). */
  run(statement: Statement, reader?: Reader): Promise<Result>;
  /** How long a transaction may take, in milliseconds */
  readonly statementMs: number;
  /** Refuses what a reader that is over waits for a connection for. */
  drop(reader: Reader): void;
  /** For how long whoever waits longest has been waiting for a connection, in milliseconds; of readers only those whose caller `counts`. */
  waited(counts: (caller: string | null) => boolean): number;
};

const UNHEARD: LineEvents = { onAway: () => undefined, onBack: () => undefined };

/** Opens no connection yet. `events` hears when the database falls silent and when it answers again. */
export function openPool(url: string, limits: PoolLimits, events = UNHEARD): Pool {
  const { size, queue, statementMs = STATEMENT_LIMIT_MS } = limits;
  const settings: pg.PoolConfig = {
    connectionString: url,
    max: size,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + SILENCE_MS,
    idle_in_transaction_session_timeout: statementMs,
    keepAlive: true,
  };
  const born = new Set<pg.Client>();
  const connections = new pg.Pool({ ...settings, Client: remembering(born) });
  // A dying connection may say so again when whoever used it has let go already; unheard, an error event ends the process.
  connections.on("connect", (client) => client.on("error", () => undefined));
  const waiting = queueForConnections(connections, queue);
  const share = shareForReads(connections, size);
  const beginRead = limitReads(connections, url);
  const ask = <Answered>(query: pg.QueryConfig | RunStatement, reader?: Reader) =>
    new Promise<Answered>((done, fail) => {
      const run: Answer = (error, client, release) => {
        if (!client) return fail(error);
        if (reader?.isOver) {
          release();
          return fail(new Abandoned());
        }
        const endRead = reader && beginRead(client, reader);
        client.query(query as pg.QueryConfig, (failed: Error | null, result: unknown) => {
          const free = (isDoomed: boolean) => release(isDoomed || (failed !== null && breaks(failed)));
          if (endRead) endRead(free);
          else free(false);
          if (failed) fail(failed);
          else done(result as Answered);
        });
      };
      if (reader) share.connect(reader, run);
      else connections.connect(run);
    });
  connections.query = ((query: pg.QueryConfig) => ask(query)) as typeof connections.query;
  watchLine({ connections, url, born, waiting, events });
  const run: Pool["run"] = (statement, reader) => {
    const asking = () => ask<Result>(new RunStatement(statement), reader);
    return reader ? reader.ask(asking) : asking();
  };
  return {
    connections,
    run,
    statementMs,
    drop: share.drop,
    waited: (counts) => Math.max(waiting.longest(), share.longest(counts)),
  };
}

/** PostgreSQL's plain refusals of one statement, after which a connection is as good as before; the pool would throw it away. */
const HARMLESS = /^(22...|23...|40...|57014|P0001)$/;
const breaks = (error: Error) =>
  !(error instanceof pg.DatabaseError && HARMLESS.test(error.code ?? "")) ? error : false;

/**
 * How sessions are set, around what the address asks for itself: the last word counts. Statements are planned once, for any parameters:
 * PostgreSQL thinks it worth its while to plan one with a list anew each time, which takes five times as long as to run it. They are never
 * compiled, which pays for none of ours. Prisma's adapter writes and reads times without their zone, as UTC; no address may change that.
 */
const sessionOptions = (asked = "") =>
  `-c plan_cache_mode=force_generic_plan -c jit=off ${asked} -c TimeZone=UTC`;

type Parameters = { options?: string };

/** The pool's clients from their birth on, connected or not. */
const remembering = (born: Set<pg.Client>) =>
  function remembered(settings: pg.ClientConfig) {
    const client = new pg.Client(settings);
    const { connectionParameters } = client as unknown as { connectionParameters: Parameters };
    connectionParameters.options = sessionOptions(connectionParameters.options);
    born.add(client);
    client.once("end", () => born.delete(client));
    return client;
  } as unknown as new () => pg.Client;
