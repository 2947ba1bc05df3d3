import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { accountKey } from "./account-key";
import { refuse } from "./accounts.refusals";
import { confirmAddress } from "./confirm-address";
import { holdAccount } from "./credentials";
import { forgetNetworks, knowNetwork } from "./known-networks";
import { forgetFailedLogins } from "./login-attempts";
import { findOneTimeToken, spendOneTimeToken } from "./one-time-token";
import { hashPassword } from "./password-hash";
import { checkNewPassword } from "./password-policy";
import { setPassword } from "./set-password";

export type PasswordReset = { token: string; password: string };

/**
 * Gives the owner of a mailbox, who brings the code that was mailed there, another password. Signs all devices out and none in; the address is
 * confirmed with it, and he can log in from where he is, whoever has guessed. A password that is refused leaves the code as it is.
 * @throws INVALID_TOKEN at ["token"]; PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_COMMON at ["password"]
 */
export async function resetPassword(
  platform: Platform,
  { token, password, ip }: PasswordReset & { ip: string },
) {
  const now = platform.clock.now();
  const presented = { kind: "RESET_PASSWORD", token, now } as const;
  const accountId = await findOneTimeToken(platform.db, presented);
  const email = accountId && (await accountKey(platform, platform.db, accountId)).email;
  if (!accountId || !email) throw refuse("INVALID_TOKEN", "token");
  checkNewPassword(platform.config, password, email);
  const passwordHash = await hashPassword(platform, password, ip);

  await transact(platform.db, async (tx) => {
    await holdAccount(tx, accountId);
    if (!(await spendOneTimeToken(tx, presented))) throw refuse("INVALID_TOKEN", "token");
    await confirmAddress(tx, accountId, now);
    await setPassword(platform, tx, { accountId, passwordHash, reason: "PASSWORD_RESET" });
    await forgetNetworks(tx, accountId);
    await knowNetwork(platform, tx, accountId, ip);
    await forgetFailedLogins(platform, tx, { email, ip });
  });
  return { accepted: true };
}
