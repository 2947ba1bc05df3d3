import type pg from "pg";
import type { Answer } from "./connection-queue";

type Ask = { since: number; answer: Answer };

/** Of `size` connections, those that reads may take: a quarter is left to all else, where there are as many as four. */
const shareOf = (size: number) => size - Math.floor(size / 4);

/**
 * Reads ask for a connection of `pool` here. One document may ask for fifteen searches at once; without a share of their own a few of
 * those would stand before every checkout, in a line that is served in order of arrival.
 */
export function shareForReads(pool: pg.Pool, size: number) {
  const waiting = new Set<Ask>();
  let free = shareOf(size);

  function begin(answer: Answer) {
    pool.connect((error, client, release) => {
      if (!client) {
        leave();
        return answer(error, undefined, release);
      }
      answer(undefined, client, (broken) => {
        release(broken);
        leave();
      });
    });
  }
  function leave() {
    const [next] = waiting;
    if (!next) return void free++;
    waiting.delete(next);
    process.nextTick(begin, next.answer); // when all are refused at once, not each within the one before
  }
  return {
    connect(answer: Answer) {
      if (free === 0) return void waiting.add({ since: performance.now(), answer });
      free--;
      begin(answer);
    },
    /** Milliseconds that the first of them has been waiting. */
    longest() {
      const [first] = waiting;
      return first ? performance.now() - first.since : 0;
    },
  };
}
