import { setInterval } from "node:timers";
import pg from "pg";
import { LOOK_MS } from "./line";
import type { Reader } from "./reader";

/** A read that takes longer is given up: nobody waits for it, and others need the database. */
const READ_LIMIT_MS = 2_000;

type Read = { reader: Reader; since: number; cancelled: Promise<boolean> | null };
/** To be called with how a connection is given back, which waits for a cancellation that is on its way to it: whether one may still be. */
type EndRead = (free: (mayBeCancelled: boolean) => void) => void;

/**
 * Watches what readers run on `connections`, and cancels in the database what takes too long or nobody waits for. What it gives back is told
 * when a statement of a reader begins.
 */
export function limitReads(connections: pg.Pool, url: string) {
  const running = new Map<pg.PoolClient, Read>();
  const isOver = ({ reader, since }: Read) => reader.isOver || performance.now() - since > READ_LIMIT_MS;
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

  return (client: pg.PoolClient, reader: Reader): EndRead => {
    const read: Read = { reader, since: performance.now(), cancelled: null };
    running.set(client, read);
    return (free) => {
      running.delete(client);
      if (read.cancelled) void read.cancelled.then((arrived) => free(!arrived));
      else free(false);
    };
  };
}

/** Cancels what runs on those connections now; over one of its own, since the pool's may all be busy. @returns whether that has arrived */
async function cancel(
  url: string,
  busy: ({ processID?: number | null } & pg.PoolClient)[],
): Promise<boolean> {
  if (busy.length === 0) return true;
  const ids = busy.map(({ processID }) => processID);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT pg_cancel_backend(id) FROM unnest($1::int[]) AS id", [ids]);
    return true;
  } catch {
    return false; // the time limit of the statement itself is still there
  } finally {
    void client.end().catch(() => undefined);
  }
}
