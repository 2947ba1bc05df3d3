import type { Answer } from "../driver/answer-reader";
import { quantile } from "../driver/turns";
import { isTurnedAway, KINDS, type Kind, type Rates } from "./traffic";

/** A stretch of time with the same load. */
export type Segment = { name: string; rates: Rates; seconds: number };
/** Milliseconds count from when a flow was due, of those that were done. */
export type SeenOfKind = {
  sent: number;
  done: number;
  refused: number;
  /** Of the refused, those of whose requests one had been answered before, e.g. a checkout that had its cart */
  refusedMidway: number;
  failed: number;
  p50: number;
  p99: number;
};
export type Seen = Segment & {
  kinds: Partial<Record<Kind, SeenOfKind>>;
  /** Flows that ended well within the segment */
  donePerSecond: number;
  /** Requests that were answered 429 or 503, and how long these answers took; `late` took too long, `untold` had no Retry-After */
  refusals: { count: number; p50: number; p90: number; p99: number; late: number; untold: number };
  /** How much later than due flows began, in milliseconds, of 99 of 100: much of it, and the driver has too little of the machine to tell */
  begunLate: number;
  /** Flows that the driver had no connection left for */
  unsent: number;
  firstFailure: string | null;
  /** Seconds until all went as usual, three seconds in a row; null: never in this segment */
  usualAfter: number | null;
};

/** What a search may take at most, in milliseconds, of 99 of 100. */
export const SEARCH_LIMIT_MS = 300;
/** What hearing a no may take at most, in milliseconds. */
export const REFUSAL_LIMIT_MS = 50;
const IN_A_ROW = 3;

/** Counts what becomes of a segment's flows. `from` is when it begins, in milliseconds. */
export function createTally(segment: Segment, from: number) {
  const kinds = Object.fromEntries(
    KINDS.map((kind) => [kind, { sent: 0, refused: 0, refusedMidway: 0, failed: 0, took: [] as number[] }]),
  ) as Record<Kind, Omit<SeenOfKind, "done" | "p50" | "p99"> & { took: number[] }>;
  const seconds = Array.from({ length: Math.ceil(segment.seconds) }, () => ({
    lost: 0,
    took: [] as number[],
  }));
  const late: number[] = [];
  const refusals = { took: [] as number[], untold: 0 };
  const counted = { inTime: 0, unsent: 0, firstFailure: null as string | null };
  const until = from + segment.seconds * 1_000;

  return {
    begin(kind: Kind, due: number, now: number): void {
      kinds[kind].sent++;
      late.push(now - due);
    },
    /** A flow that was due at `due` has come to its end; `midway`: one of its requests had been answered before the last. */
    end(kind: Kind, due: number, now: number, { error, midway }: Ending): void {
      const second = seconds[Math.floor((due - from) / 1_000)];
      if (error === undefined) {
        kinds[kind].took.push(now - due);
        if (kind === "search") second?.took.push(now - due);
        if (now <= until) counted.inTime++;
        return;
      }
      const outcome = isTurnedAway(error) ? "refused" : "failed";
      kinds[kind][outcome]++;
      if (outcome === "refused" && midway) kinds[kind].refusedMidway++;
      if (second) second.lost++;
      if (outcome === "failed") counted.firstFailure ??= `${kind}: ${(error as Error).message}`;
    },
    missConnection: () => void counted.unsent++,
    hearAnswer({ status, head }: Answer, took: number): void {
      if (status !== 429 && status !== 503) return;
      refusals.took.push(took);
      if (!/\r\nretry-after: *\d/i.test(head)) refusals.untold++;
    },
    read(): Seen {
      const seen = KINDS.filter((kind) => kinds[kind].sent > 0).map((kind) => {
        const { took, ...counts } = kinds[kind];
        return [kind, { ...counts, done: took.length, ...quantiles(took) }] as const;
      });
      const usual = seconds.map(({ lost, took }) => lost === 0 && quantiles(took).p99 <= SEARCH_LIMIT_MS);
      const first = usual.findIndex(
        (_, at) => usual.slice(at, at + IN_A_ROW).filter(Boolean).length === IN_A_ROW,
      );
      return {
        ...segment,
        kinds: Object.fromEntries(seen),
        donePerSecond: counted.inTime / segment.seconds,
        refusals: readRefusals(refusals),
        begunLate: quantiles(late).p99,
        unsent: counted.unsent,
        firstFailure: counted.firstFailure,
        usualAfter: first < 0 ? null : first,
      };
    },
  };
}
export type Tally = ReturnType<typeof createTally>;

/** `error`: why a flow ended before it was done. */
type Ending = { error?: unknown; midway: boolean };

function readRefusals({ took, untold }: { took: number[]; untold: number }): Seen["refusals"] {
  const { p50, p99 } = quantiles(took);
  const late = took.filter((each) => each >= REFUSAL_LIMIT_MS).length;
  return { count: took.length, p50, p90: quantile(took, 0.9), p99, late, untold };
}

function quantiles(took: number[]) {
  const sorted = took.sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}
