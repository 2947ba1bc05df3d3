import type { Role } from "../generated/prisma/enums";
import type { Config } from "../platform/config";
import { createKept, type Kept } from "../platform/kept";
import { type Notifications, SESSIONS_CHANGED } from "../platform/notifications";

declare module "../platform/context" {
  interface Services {
    /** Sessions by the hash of their access token; null when none are kept. */
    sessions: Kept<LiveSession> | null;
  }
}

/** What a look-up finds of a session that nobody has ended, whose account is active. */
export type LiveSession = {
  /** Of its access token, in hexadecimal */
  hash: string;
  id: string;
  account_id: string;
  role: Role;
  last_used_at: Date;
  access_expires_at: Date;
};

/** Keeps sessions until anything about one changes (docs/decisions/0002). */
export const keepSessions = ({ limits }: Config, notifications: Notifications) =>
  limits.keptSessions === 0
    ? null
    : createKept<LiveSession>(SESSIONS_CHANGED, notifications, { max: limits.keptSessions });
