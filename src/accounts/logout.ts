import type { Platform, Viewer } from "../platform/context";
import { transact } from "../platform/database";
import { revokeSession } from "./revoke-session";

/** Signs this device out, no other. */
export async function logout({ db, clock }: Platform, { accountId, sessionId }: Viewer): Promise<true> {
  await transact(db, (tx) => revokeSession(tx, { sessionId, accountId, reason: "LOGOUT", now: clock.now() }));
  return true;
}
