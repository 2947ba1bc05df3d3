import { setInterval } from "node:timers";
import pg from "pg";
import { Abandoned } from "../errors";
import { LOOK_MS } from "./line";

/** A read that takes longer is given up: nobody waits for it, and others need the database. */
const READ_LIMIT_MS = 2_000;

type Read = { reader: number; since: number; cancelled: Promise<void> | null };

/** Whoever reads, by number: a request after the other. */
export type Readers = {
  /** The next request reads under this number. */
  begin(reader: number): void;
  /** Nobody waits for its answers any more: what it runs is cancelled, and what it waits for a connection for refused. */
  abandon(reader: number): void;
  /** @returns when all that it asked for by now has ended; null when that has been */
  settled(reader: number): Promise<void> | null;
};

/**
 * Watches what readers run on `connections`, and cancels in the database what takes too long or nobody waits for; `drop` refuses what one of
 * them waits for.
 */
export function limitReads(connections: pg.Pool, url: string, drop: (reader: number) => void) {
  const abandoned = new Set<number>();
  const running = new Map<pg.PoolClient, Read>();
  const asked = new Map<number, Set<Promise<unknown>>>();

  const isOver = ({ reader, since }: Read) =>
    abandoned.has(reader) || performance.now() - since > READ_LIMIT_MS;
  let cancelling = false;
  async function look() {
    if (cancelling) return;
    cancelling = true;
    const over = [...running].filter(([, read]) => !read.cancelled && isOver(read));
    const cancelled = cancel(
      url,
      over.map(([client]) => client),
    );
    for (const [, read] of over) read.cancelled = cancelled;
    await cancelled;
    cancelling = false;
  }
  const timer = setInterval(() => (connections.ending ? clearInterval(timer) : void look()), LOOK_MS);
  timer.unref();

  const readers: Readers = {
    begin: (reader) => void abandoned.delete(reader),
    abandon(reader) {
      abandoned.add(reader);
      drop(reader);
    },
    settled(reader) {
      const all = asked.get(reader);
      return all ? Promise.allSettled(all).then(() => undefined) : null;
    },
  };
  /** A statement was asked for by this reader. */
  function keep<Answered>(reader: number, answer: Promise<Answered>): Promise<Answered> {
    const all = asked.get(reader) ?? new Set();
    if (all.size === 0) asked.set(reader, all);
    const forget = () => {
      all.delete(answer);
      if (all.size === 0) asked.delete(reader);
    };
    all.add(answer);
    answer.then(forget, forget);
    return answer;
  }
  /** A statement of this reader begins. The connection is free once no cancellation is on its way to it. */
  function begin(client: pg.PoolClient, reader: number) {
    if (abandoned.has(reader)) return { refused: new Abandoned(), end: () => undefined };
    const read: Read = { reader, since: performance.now(), cancelled: null };
    running.set(client, read);
    return {
      refused: null,
      end(free: () => void) {
        running.delete(client);
        if (read.cancelled) void read.cancelled.then(free);
        else free();
      },
    };
  }
  return { readers, keep, begin };
}

/** Cancels what runs on those connections now; over one of its own, since the pool's may all be busy. */
async function cancel(url: string, busy: ({ processID?: number | null } & pg.PoolClient)[]) {
  if (busy.length === 0) return;
  const ids = busy.map(({ processID }) => processID);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  });
  client.on("error", () => undefined); // the time limit of the statement itself is still there
  try {
    await client.connect();
    await client.query("SELECT pg_cancel_backend(id) FROM unnest($1::int[]) AS id", [ids]);
  } catch {
    // as above
  } finally {
    void client.end().catch(() => undefined);
  }
}
