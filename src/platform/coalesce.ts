import { clearTimeout, setTimeout } from "node:timers";
import { SECOND } from "./clock";
import { Reader } from "./pool/reader";
import { type RawReads, readingAs } from "./raw-statements";

/**
 * Finds values by their keys in one statement of `reads`; a key that the map lacks has none. Several askers are given the same values, so
 * nobody may change them. Its identity is what is asked for together: define it once.
 */
export type Batch<Value> = (
  reads: Pick<RawReads, "$queryRaw">,
  keys: readonly string[],
) => Promise<ReadonlyMap<string, Value>>;

type Found<Value> = Promise<ReadonlyMap<string, Value>>;
type Line<Value> = {
  reads: RawReads;
  /** What will be asked for next */
  next: { keys: Set<string>; found: Found<Value> } | null;
  /** Ends when what was asked for last is there */
  last: Promise<unknown>;
};

/** A statement that takes longer is waited for no more: what holds it up, a dead connection perhaps, shall not hold up all who come later. */
const PATIENCE_MS = SECOND;

/** By where is read, which a reader shares with all others of the same pool; by what is read */
const lines = new WeakMap<RawReads["$queryRawAs"], WeakMap<Batch<unknown>, Line<unknown>>>();

/**
 * The values of these keys, and perhaps of others, together with what other requests ask for: while one statement is on its way the next
 * gathers, for a second at most. Who is first waits for nobody, and what is read is never older than the question. A fault is everyone's who
 * asked with it.
 */
export function coalesce<Value>(reads: RawReads, batch: Batch<Value>, keys: readonly string[]): Found<Value> {
  const line = lineOf(reads, batch);
  line.next ??= gather(line, batch);
  for (const key of keys) line.next.keys.add(key);
  return line.next.found;
}

function gather<Value>(line: Line<Value>, batch: Batch<Value>) {
  const keys = new Set<string>();
  const begin = () => {
    line.next = null;
    return batch(line.reads, [...keys]);
  };
  const found = over(line.last).then(begin);
  line.last = found;
  return { keys, found };
}

/** Resolves when `last` has ended, well or not, or takes too long. */
const over = (last: Promise<unknown>) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, PATIENCE_MS).unref();
    const end = () => {
      clearTimeout(timer);
      done();
    };
    last.then(end, end);
  });

function lineOf<Value>(reads: RawReads, batch: Batch<Value>): Line<Value> {
  const known = lines.get(reads.$queryRawAs) ?? new WeakMap<Batch<unknown>, Line<unknown>>();
  const line = known.get(batch) ?? openLine(reads);
  lines.set(reads.$queryRawAs, known);
  known.set(batch, line);
  return line as Line<Value>;
}

/** It reads for all who ask: no client that goes takes the others' answers with it. */
const openLine = (reads: RawReads): Line<unknown> => ({
  reads: readingAs(reads, new Reader(null)),
  next: null,
  last: Promise.resolve(),
});
