import { LRUCache } from "lru-cache";
import { SECOND } from "./clock";
import type { Notifications } from "./notifications";

/** Nothing lives longer, whatever else goes wrong. By the process' own clock, which nobody sets. */
const MOST_AGE_MS = 5 * SECOND;

/** What entries may take together; the one that was not asked for longest goes first. */
export type Bounds<Value extends object> = Pick<
  LRUCache.Options<string, Value, unknown>,
  "max" | "maxSize" | "sizeCalculation"
>;

/** When something was read: before which change, and by the process' own clock. */
export type Moment = { generation: number; at: number };

export type Kept<Value extends object> = ReturnType<typeof createKept<Value>>;

/**
 * Keeps what was read until PostgreSQL notifies `channel`, then forgets all of it: entries don't know what they depend on. Without a line
 * to PostgreSQL's notifications it keeps nothing.
 */
export function createKept<Value extends object>(
  channel: string,
  { subscribe, listening }: Notifications,
  bounds: Bounds<Value>,
) {
  const kept = new LRUCache<string, Value>({
    ...bounds,
    ttl: MOST_AGE_MS,
    ttlResolution: 0,
  } as LRUCache.Options<string, Value, unknown>);
  let generation = 0;
  subscribe(channel, () => {
    generation++;
    kept.clear();
  });
  return {
    find: (key: string): Value | undefined => kept.get(key),
    /** Now, for `keep`; null when nothing is to be kept. Ask before anything is read. */
    moment: (): Moment | null => (listening() ? { generation, at: performance.now() } : null),
    /** Keeps a value unless something has changed since it was read: it may show what was before. */
    keep(key: string, value: Value, read: Moment) {
      if (read.generation === generation) kept.set(key, value, { start: read.at });
    },
  };
}
