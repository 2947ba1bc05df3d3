import { LRUCache } from "lru-cache";
import { SECOND } from "../clock";
import { CATALOG_CHANGED, type Notifications } from "../notifications";

/** An answer without its end: what follows `head` (the extensions, the closing brace) is the caller's own. */
export type KeptAnswer = { contentType: string; head: Buffer };

/** Nothing lives longer, whatever else goes wrong. */
const MOST_AGE_MS = 5 * SECOND;
/** Of an entry beside its texts, roughly. */
const ENTRY_BYTES = 300;

export type ResponseCache = ReturnType<typeof createResponseCache>;

/**
 * Keeps answers that are the same for everyone until the catalogue changes, then forgets them all. Without a line to PostgreSQL's
 * notifications it keeps nothing. `bytes` is what answers and their keys may take together; what was not asked for longest goes first.
 */
export function createResponseCache(bytes: number, notifications: Notifications) {
  const kept = new LRUCache<string, KeptAnswer>({
    maxSize: bytes,
    sizeCalculation: ({ head }, key) => head.length + 2 * key.length + ENTRY_BYTES,
    ttl: MOST_AGE_MS,
    ttlResolution: 100,
  });
  let generation = 0;
  notifications.subscribe(CATALOG_CHANGED, () => {
    generation++;
    kept.clear();
  });
  return {
    find: (key: string) => kept.get(key),
    /** What the catalogue is at, for `keep`; null when nothing is to be kept. Ask before anything is read. */
    generation: () => (notifications.listening() ? generation : null),
    /** Keeps an answer unless the catalogue has changed since `computedAt`: it may show what was before. */
    keep(key: string, answer: KeptAnswer, computedAt: number) {
      if (computedAt === generation) kept.set(key, answer);
    },
  };
}
