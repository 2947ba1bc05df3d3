import type { Platform, Viewer } from "../platform/context";
import { transact } from "../platform/database";
import { endSessions } from "./end-sessions";

/** Signs this device out, no other. */
export async function logout({ db, clock }: Platform, { accountId, sessionId }: Viewer): Promise<true> {
  const which = { id: sessionId };
  await transact(db, (tx) => endSessions(tx, { accountId, which, reason: "LOGOUT", now: clock.now() }));
  return true;
}
