import type { Role } from "../generated/prisma/enums";
import type { Clock } from "./clock";
import type { Config } from "./config";
import type { Db } from "./database";
import { topLevelError } from "./errors";
import type { Reached } from "./fault-points";
import type { Logger } from "./log";
import type { Notifications } from "./notifications";
import type { Pool } from "./pool/pool";
import type { Reads, Replica } from "./replica";
import type { Throttle } from "./throttle/throttle";
import type { Vault } from "./vault";

/** What features bring to the composition root; each adds its own by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: features merge their services into it
export interface Services {}

/** The parts that outlive a request: what operations, jobs and scripts work with. */
export type Platform = {
  readonly config: Config;
  readonly db: Db;
  /** The connections under `db` */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly log: Logger;
  /** What callers may still ask for; null when it is switched off. */
  readonly throttle: Throttle | null;
  /** What PostgreSQL's NOTIFY tells; nothing before a server listens. */
  readonly notifications: Notifications;
  /** Where the catalogue may be read instead; null when there is none. */
  readonly replica: Replica | null;
  readonly services: Services;
  /** Where this server itself can be reached, without a path; null until it listens. */
  readonly address: { own: string | null };
  /** Await it at the moments of fault-points.ts. */
  readonly reached: Reached;
  /**
   * Says that what is being done waits for somebody else, and for long: a request's place is another's meanwhile (http/admission.ts).
   * @returns whether it may go on waiting: not when too many do
   */
  readonly giveWay: () => boolean;
};

/** Who is signed in, as the database says (accounts/identify.ts). */
export type Viewer = { readonly accountId: string; readonly sessionId: string; readonly role: Role };

/** One request: the platform, who asks, and what this request has loaded or proven so far. */
export type Context = Platform & {
  /** Where the catalogue is read: what a mutation answers with comes from where it wrote. */
  readonly reads: Reads;
  /** null again once a logout in the same document ended the session. */
  viewer: Viewer | null;
  readonly requestId: string;
  readonly ip: string;
  /** The Idempotency-Key header; null when absent, "" when malformed. */
  readonly idempotencyKey: string | null;
  /** Per-request loaders, by the function that makes them (loaders.ts). */
  readonly memo: Map<unknown, unknown>;
  /** Uuids of objects this request has proven a right to by a key: a cart id, an orderToken. */
  readonly admitted: Set<string>;
  /** Whether its client takes application/json and nothing newer. */
  readonly takesOnlyJson: boolean;
  /** Whether its document was priced, or refused at a price (cost/cost-plugin.ts). Apollo Server copies the context, but not this. */
  readonly points: { counted: boolean };
};

/** The viewer, or UNAUTHENTICATED. */
export function signedIn(ctx: Context): Viewer {
  if (!ctx.viewer) throw topLevelError("UNAUTHENTICATED");
  return ctx.viewer;
}

export const isStaff = (ctx: Context) => ctx.viewer?.role === "STAFF" || ctx.viewer?.role === "ADMIN";

/** Whether the request may see what is this account's own: it is signed in as it, or has just proven its password or refresh token. */
export const actsFor = (ctx: Context, accountUuid: string | null) =>
  accountUuid !== null && (ctx.viewer?.accountId === accountUuid || ctx.admitted.has(accountUuid));
