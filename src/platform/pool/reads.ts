import { setInterval } from "node:timers";
import pg from "pg";
import { LOOK_MS } from "./line";

/** A read that takes longer is given up: nobody waits for it, and others need the database. */
const READ_LIMIT_MS = 2_000;

type Read = { reader: number; since: number; cancelled: Promise<void> | null };

/** Whoever reads, by number: a request after the other. */
export type Readers = {
  /** The next request reads under this number. */
  begin(reader: number): void;
  /** Nobody waits for its answers any more: what it runs is cancelled, what it waits for, or asks for yet, is refused. */
  abandon(reader: number): void;
  /** @returns when the last of its statements has ended; null when that has been */
  settled(reader: number): Promise<void> | null;
};

/**
 * Watches what readers run on `connections`, and cancels in the database what takes too long or nobody waits for; `drop` refuses what one of
 * them waits for.
 */
export function limitReads(
  connections: pg.Pool,
  url: string,
  drop: (reader: number, refusal: Error) => void,
) {
  const abandoned = new Set<number>();
  const running = new Map<pg.PoolClient, Read>();
  const asked = new Map<number, Set<Promise<unknown>>>();

  const timer = setInterval(() => {
    if (connections.ending) clearInterval(timer);
    for (const [client, read] of running)
      if (abandoned.has(read.reader) || performance.now() - read.since > READ_LIMIT_MS)
        read.cancelled ??= cancel(url, client);
  }, LOOK_MS);
  timer.unref();

  const readers: Readers = {
    begin: (reader) => void abandoned.delete(reader),
    abandon(reader) {
      abandoned.add(reader);
      drop(reader, gone());
    },
    settled(reader) {
      const all = asked.get(reader);
      const wait = async () => {
        while (all && all.size > 0) await Promise.allSettled(all); // whatever follows from one is refused, and ends soon
      };
      return all && all.size > 0 ? wait() : null;
    },
  };
  /** A statement was asked for by this reader. */
  function keep<Answered>(reader: number, answer: Promise<Answered>): Promise<Answered> {
    let all = asked.get(reader);
    if (!all) {
      all = new Set();
      asked.set(reader, all);
    }
    const [kept, forget] = [all, () => void kept.delete(answer)];
    kept.add(answer);
    answer.then(forget, forget);
    return answer;
  }
  /** A statement of this reader begins. The connection is free once no cancellation is on its way to it. */
  function begin(client: pg.PoolClient, reader: number) {
    if (abandoned.has(reader)) return { refused: gone(), end: () => undefined };
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

const gone = () => new Error("Connection terminated: nobody waits for it any more");

/** Cancels what runs on that connection now; over one of its own, since the pool's may all be busy. */
async function cancel(url: string, { processID }: { processID?: number | null } & pg.PoolClient) {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  });
  client.on("error", () => undefined); // the time limit of the statement itself is still there
  try {
    await client.connect();
    await client.query("SELECT pg_cancel_backend($1)", [processID]);
  } catch {
    // as above
  } finally {
    void client.end().catch(() => undefined);
  }
}
