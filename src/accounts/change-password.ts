import type { Platform, Viewer } from "../platform/context";
import { transact } from "../platform/database";
import { emailPlace } from "./account.rows";
import { refuse } from "./accounts.refusals";
import { findCredentials, holdPassword, provePassword, untilItStays } from "./credentials";
import { hashPassword } from "./password-hash";
import { checkNewPassword } from "./password-policy";
import { devicePlace } from "./session.rows";
import { setPassword } from "./set-password";
import { signIn } from "./sign-in";

export type PasswordChange = { currentPassword: string; newPassword: string };

/**
 * Changes the password of whoever knows the present one. All devices are signed out; this one is signed in anew, with tokens of its own.
 * @throws INVALID_CREDENTIALS at ["currentPassword"]; PASSWORD_UNCHANGED, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_COMMON at
 * ["newPassword"]; RATE_LIMITED after too many that failed
 */
export const changePassword = (platform: Platform, viewer: Viewer, ask: PasswordChange & { ip: string }) =>
  untilItStays(() => attempt(platform, viewer, ask));

async function attempt(
  platform: Platform,
  { accountId, sessionId }: Viewer,
  { currentPassword, newPassword, ip }: PasswordChange & { ip: string },
) {
  const { vault, config } = platform;
  const account = await findCredentials(platform, { id: accountId }, ip);
  const email = account && vault.unseal(account.dataKey, emailPlace(accountId), account.emailCipher);
  if (!account || !email) throw refuse("INVALID_CREDENTIALS", "currentPassword"); // erased since the request began
  checkNewPassword(config, newPassword, email, "newPassword");
  if (vault.pepper(newPassword) === vault.pepper(currentPassword))
    throw refuse("PASSWORD_UNCHANGED", "newPassword");
  const proven = await provePassword(platform, account, { email, password: currentPassword, ip });
  if (!proven) throw refuse("INVALID_CREDENTIALS", "currentPassword");
  const passwordHash = await hashPassword(platform, newPassword, ip);

  return transact(platform.db, async (tx) => {
    const { dataKey: key } = account;
    const here = await tx.session.findUnique({ where: { id: sessionId }, select: { deviceCipher: true } });
    const device = vault.unseal(key, devicePlace(sessionId), here?.deviceCipher ?? null);
    return signIn(platform, tx, { accountId, key, device, ip }, async () => {
      await holdPassword(tx, accountId, proven);
      await setPassword(platform, tx, { accountId, passwordHash, reason: "PASSWORD_CHANGED" });
    });
  });
}
