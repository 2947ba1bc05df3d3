import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { emit } from "../platform/outbox";
import { accountKey } from "./account-key";
import { refuse } from "./accounts.refusals";
import { spendOneTimeToken } from "./one-time-token";
import { signIn } from "./sign-in";

/**
 * Confirms an account's address with the code that was mailed to it, and signs the device in that brings it. Works once, for two days.
 * @throws INVALID_TOKEN at ["token"]
 */
export function verifyEmail(platform: Platform, { token, ip }: { token: string; ip: string }) {
  const now = platform.clock.now();
  return transact(platform.db, async (tx) => {
    const accountId = await spendOneTimeToken(tx, { kind: "VERIFY_EMAIL", token, now });
    if (!accountId) throw refuse("INVALID_TOKEN", "token");
    await tx.account.updateMany({
      where: { id: accountId, emailVerifiedAt: null },
      data: { emailVerifiedAt: now, updatedAt: now, version: { increment: 1 } },
    });
    await emit(tx, now, { type: "account.email_verified", subjectType: "account", subjectId: accountId });
    const key = await accountKey(platform, tx, accountId);
    return signIn(platform, tx, { accountId, key, ip });
  });
}
