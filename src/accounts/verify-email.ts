import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { accountKey } from "./account-key";
import { refuse } from "./accounts.refusals";
import { confirmAddress } from "./confirm-address";
import { holdAccount } from "./credentials";
import { findOneTimeToken, spendOneTimeToken } from "./one-time-token";
import { signIn } from "./sign-in";

/**
 * Confirms an account's address with the code that was mailed to it, and signs the device in that brings it. Works once, for two days, and not
 * after the password was changed.
 * @throws INVALID_TOKEN at ["token"]
 */
export async function verifyEmail(platform: Platform, { token, ip }: { token: string; ip: string }) {
  const now = platform.clock.now();
  const presented = { kind: "VERIFY_EMAIL", token, now } as const;
  const accountId = await findOneTimeToken(platform.db, presented);
  if (!accountId) throw refuse("INVALID_TOKEN", "token");
  return transact(platform.db, async (tx) => {
    const key = await accountKey(platform, tx, accountId);
    return signIn(platform, tx, { accountId, key, ip }, async () => {
      await holdAccount(tx, accountId);
      if (!(await spendOneTimeToken(tx, presented))) throw refuse("INVALID_TOKEN", "token");
      await confirmAddress(tx, accountId, now);
    });
  });
}
