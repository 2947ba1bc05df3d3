import { LONGEST_SECONDS, type Load, type Turn, WARM_CONNECTIONS } from "./measure";

/** At which pace servers are measured. */
export type Pace = {
  /** Of each operation at WARM_CONNECTIONS, before anything else */
  warmupSeconds: number;
  /** At the number of connections that is measured then */
  settleSeconds: number;
  seconds: number;
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

/** A server that takes half of the longest turn there is has told enough with one. */
const LONG_SECONDS = LONGEST_SECONDS / 2;

/** Has a server asked for a flow until its code is warm. @throws Error about what went wrong meanwhile */
export async function warmUp(
  url: string,
  seconds: number,
  ask: (load: Load) => Promise<Turn>,
): Promise<void> {
  if (seconds === 0) return;
  const warming = { url, connections: WARM_CONNECTIONS, settleSeconds: seconds, seconds: 0 };
  const { firstError } = await ask(warming);
  if (firstError !== null) throw new Error(`${url}, while it was warmed up: ${firstError}`);
}

/** Lets each take so many turns, one after the other. */
export async function takeTurns<One>(
  all: One[],
  turns: number,
  take: (one: One) => Promise<Turn>,
): Promise<Map<One, Turn[]>> {
  const taken = new Map(all.map((one): [One, Turn[]] => [one, []]));
  for (let turn = 0; turn < turns; turn++)
    for (const [one, had] of taken)
      if (had.every(({ seconds }) => seconds < LONG_SECONDS)) had.push(await take(one));
  return taken;
}

/**
 * What the turns of a server come to together. So many users who ask without a pause have their number by the mean latency answered in a second
 * (Little's law); counted by the clock, slow flows would be rounds of all users that just ended in time or just did not.
 */
export function sumUp(turns: Turn[], connections: number): Measured {
  const latencies = turns.flatMap((turn) => turn.latencies).sort((a, b) => a - b);
  const sum = latencies.reduce((all, latency) => all + latency, 0);
  return {
    flows: latencies.length,
    perSecond: sum > 0 ? (connections * latencies.length * 1_000) / sum : 0,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    errors: turns.reduce((sum, turn) => sum + turn.errors, 0),
    firstError: turns.find((turn) => turn.firstError)?.firstError ?? null,
  };
}

/** Of sorted values; 0 when there are none. */
export const quantile = (sorted: number[], part: number) =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
