import { z } from "zod";
import { postgres } from "./setting-shapes";

/** What one caller, one process and one machine may take. */
export const limitSettings = {
  QUERY_COST_LIMIT: z.coerce.number().int().min(100).max(1_000_000).default(10_000),
  THROTTLE: z.enum(["memory", "postgres", "off"]).default("memory"),
  THROTTLE_BUCKET: z.coerce.number().int().min(1_000).max(10_000_000).default(50_000),
  THROTTLE_RESTORE_RATE: z.coerce.number().int().min(100).max(1_000_000).default(5_000),
  FAILED_LOGINS_PER_NETWORK: z.coerce.number().int().min(10).max(1_000_000).default(100),
  FAILED_LOGINS: z.coerce.number().int().min(10).max(10_000_000).default(500),
  QUEUE_LIMIT: z.coerce.number().int().min(10).max(100_000).default(1_000),
  MAX_CONNECTIONS: z.coerce.number().int().min(10).max(100_000).default(10_000),
  RESPONSE_CACHE_MB: z.coerce.number().int().min(0).max(4_096).default(32),
  SESSION_CACHE: z.coerce.number().int().min(0).max(1_000_000).default(10_000),
  WEB_CONCURRENCY: z.coerce.number().int().min(1).max(128).default(1),
  DATABASE_REPLICA_URL: postgres.optional(),
};
type Given = z.infer<z.ZodObject<typeof limitSettings>>;

/** The settings above by who uses them. */
export const limitsOf = (e: Given) => ({
  /** Cost points: an object 1, a list times its length */
  cost: { perRequest: e.QUERY_COST_LIMIT },
  /** Cost points of one caller: what he has at most, and gets back each second */
  throttle: { store: e.THROTTLE, bucket: e.THROTTLE_BUCKET, restoreRate: e.THROTTLE_RESTORE_RATE },
  /** In a quarter of an hour, of accounts that have never been signed in from there (accounts/login-attempts.ts) */
  failedLogins: { perNetwork: e.FAILED_LOGINS_PER_NETWORK, total: e.FAILED_LOGINS },
  /** Requests that may wait for their turn, of each kind (http/gates.ts); more are answered 503 at once */
  queue: e.QUEUE_LIMIT,
  /** Sockets, idle ones too */
  connections: e.MAX_CONNECTIONS,
  responseCacheBytes: e.RESPONSE_CACHE_MB * 1024 * 1024,
  /** Sessions kept in memory */
  keptSessions: e.SESSION_CACHE,
  /** Processes that serve on one port */
  workers: e.WEB_CONCURRENCY,
});
