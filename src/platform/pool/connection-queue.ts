import type pg from "pg";

/** A connection and how to give it back, or why there is none. */
export type Answer = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

type Ask = { since: number; answer: Answer };
export type ConnectionQueue = ReturnType<typeof queueForConnections>;

const nothing = () => undefined;

/**
 * Keeps who waits for a connection of `pool`, and since when: at most `most` may, and all of them can be refused at once. The pool by
 * itself lets each of them wait for its time-out.
 */
export function queueForConnections(pool: pg.Pool, most: number) {
  const waiting = new Set<Ask>();
  const connect = pool.connect.bind(pool) as (answer: Answer) => void;
  let refusal: Error | null = null;

  function ask(answer: Answer) {
    if (refusal) return answer(refusal, undefined, nothing);
    if (waiting.size >= most)
      return answer(new Error("timeout exceeded when trying to connect: too many wait"), undefined, nothing);
    const one = { since: performance.now(), answer };
    waiting.add(one);
    connect((error, client, release) => {
      if (waiting.delete(one)) answer(error, client, release);
      else release(); // refused meanwhile
    });
  }
  pool.connect = ((answer?: Answer) =>
    answer
      ? ask(answer)
      : new Promise((done, fail) => {
          ask((error, client) => (client ? done(client) : fail(error)));
        })) as typeof pool.connect;

  return {
    /** Milliseconds that the first of them has been waiting. */
    longest() {
      const [first] = waiting;
      return first ? performance.now() - first.since : 0;
    },
    /** Refuses all who wait and whoever asks from now on, until `open`. */
    refuse(error: Error) {
      refusal = error;
      const refused = [...waiting];
      waiting.clear();
      for (const { answer } of refused) answer(error, undefined, nothing);
    },
    open() {
      refusal = null;
    },
  };
}
