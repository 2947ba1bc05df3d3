import type pg from "pg";
import { Abandoned } from "../errors";
import { createFairQueue } from "../fair-queue";
import type { Answer } from "./connection-queue";
import type { Reader } from "./reader";

type Ask = { reader: Reader; since: number; answer: Answer };

/** Of `size` connections, those that reads may take: a quarter is left to all else, one at least where there are three. */
const shareOf = (size: number) => size - Math.max(size > 2 ? 1 : 0, Math.floor(size / 4));

/**
 * Reads ask for a connection of `pool` here. One document may ask for fifteen searches at once; without a share of their own a few of
 * those would stand before every checkout, and before every other read without turns.
 */
export function shareForReads(pool: pg.Pool, size: number) {
  const waiting = new Set<Ask>(); // in order of arrival
  const turns = createFairQueue<Ask, Reader>(Number.POSITIVE_INFINITY, () => undefined);
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
    const next = turns.shift();
    if (!next) return void free++;
    waiting.delete(next);
    process.nextTick(begin, next.answer); // when all are refused at once, not each within the one before
  }
  return {
    /** For a reader, who takes turns with the others. */
    connect(reader: Reader, answer: Answer) {
      if (free > 0) {
        free--;
        return begin(answer);
      }
      const ask = { reader, since: performance.now(), answer };
      waiting.add(ask);
      turns.push(reader, ask);
    },
    /** Refuses what this reader waits for. */
    drop(reader: Reader) {
      for (const ask of turns.takeAll(reader)) {
        waiting.delete(ask);
        ask.answer(new Abandoned(), undefined, () => undefined);
      }
    },
    /** Milliseconds that the first of them has been waiting, of those whose caller counts. */
    longest(counts: (caller: string | null) => boolean) {
      for (const { reader, since } of waiting) if (counts(reader.caller)) return performance.now() - since;
      return 0;
    },
  };
}
