/** What one of several servers did while it was its turn to be asked. */
export type Turn = {
  /** Of the flows that ended, in milliseconds */
  latencies: number[];
  /** How long it took */
  seconds: number;
  errors: number;
  firstError: string | null;
};
/** Latencies are in milliseconds, of whole flows. */
export type Measured = {
  flows: number;
  perSecond: number;
  p50: number;
  p99: number;
  errors: number;
  firstError: string | null;
};

/** Servers that are compared are asked so often each, in turns: a machine that is slow for a moment is so for one turn of one of them. */
export const TURNS = 3;

/** What a server's turns come to together. */
export function sumUp(turns: Turn[]): Measured {
  const latencies = turns.flatMap((turn) => turn.latencies).sort((a, b) => a - b);
  const seconds = turns.reduce((sum, turn) => sum + turn.seconds, 0);
  return {
    flows: latencies.length,
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    errors: turns.reduce((sum, turn) => sum + turn.errors, 0),
    firstError: turns.find((turn) => turn.firstError)?.firstError ?? null,
  };
}

/** Of sorted values; 0 when there are none. */
export const quantile = (sorted: number[], part: number) =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
