import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { readEmail } from "../platform/email";
import { readId } from "../platform/ids";
import { refuse } from "./accounts.refusals";
import { emailIndexOf } from "./create-account";
import { findCredentials, holdPassword, provePassword, untilItStays } from "./credentials";
import { checkRoomToHash, hashPassword, isOutdated } from "./password-hash";
import { signIn } from "./sign-in";

export type Login = { email: string; password: string; cartId?: string | null; device?: string | null };

/**
 * Signs a device in and merges its guest cart. Unknown address, wrong password, disabled account and account without a password are told
 * apart neither by the answer nor by the work done.
 * @throws INVALID_CREDENTIALS; RATE_LIMITED after too many that failed
 */
export const login = (platform: Platform, ask: Login & { ip: string }) =>
  untilItStays(() => attempt(platform, ask));

async function attempt(platform: Platform, ask: Login & { ip: string }) {
  const { password, device, ip } = ask;
  const email = readEmail(ask.email);
  if (!email) throw refuse("INVALID_CREDENTIALS"); // no account can have it, so refusing early tells nothing
  checkRoomToHash(platform, ip);
  const account = await findCredentials(platform, { emailIndex: emailIndexOf(platform, email) }, ip);
  const proven = await provePassword(platform, account, { email, password, ip });
  if (!account || !proven) throw refuse("INVALID_CREDENTIALS");
  const passwordHash = isOutdated(platform, proven)
    ? await hashPassword(platform, password, ip).catch(() => null) // no room for it now: the next login will do
    : null;

  const { id: accountId, dataKey: key } = account;
  const cartId = ask.cartId == null ? null : readId("cart", ask.cartId);
  return transact(platform.db, (tx) =>
    signIn(platform, tx, { accountId, key, device, ip, cartId }, async () => {
      await holdPassword(tx, accountId, proven);
      if (passwordHash) await tx.account.update({ where: { id: accountId }, data: { passwordHash } });
    }),
  );
}
