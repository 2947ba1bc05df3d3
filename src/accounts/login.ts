import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { readEmail } from "../platform/email";
import { readId } from "../platform/ids";
import { refuse } from "./accounts.refusals";
import { emailIndexOf } from "./create-account";
import { findCredentials, holdPassword, provePassword } from "./credentials";
import { checkRoomToHash, hashPassword, isOutdated } from "./password-hash";
import { signIn } from "./sign-in";

export type Login = { email: string; password: string; cartId?: string | null; device?: string | null };
type Done = Awaited<ReturnType<typeof signIn>>;

/**
 * Signs a device in and merges its guest cart. Unknown address, wrong password, disabled account and account without a password are told
 * apart neither by the answer nor by the work done.
 * @throws INVALID_CREDENTIALS; RATE_LIMITED after too many that failed
 */
export async function login(platform: Platform, ask: Login & { ip: string }): Promise<Done> {
  const { password, device, ip } = ask;
  const email = readEmail(ask.email);
  if (!email) throw refuse("INVALID_CREDENTIALS"); // no account can have it, so refusing early tells nothing
  checkRoomToHash(platform, ip);
  const account = await findCredentials(platform, { emailIndex: emailIndexOf(platform, email) });
  const proven = await provePassword(platform, account, { email, password, ip });
  if (!account || !proven) throw refuse("INVALID_CREDENTIALS");
  const passwordHash = isOutdated(platform, proven)
    ? await hashPassword(platform, password, ip).catch(() => null) // no room for it now: the next login will do
    : null;

  const { id: accountId, dataKey: key } = account;
  const cartId = ask.cartId == null ? null : readId("cart", ask.cartId);
  const done = await transact(platform.db, async (tx) => {
    if (!(await holdPassword(tx, accountId, proven))) return null;
    if (passwordHash) await tx.account.update({ where: { id: accountId }, data: { passwordHash } });
    return signIn(platform, tx, { accountId, key, device, ip, cartId });
  });
  return done ?? login(platform, ask); // it was changed, or hashed anew, meanwhile: whether this one is right is to be seen
}
