import type { Platform } from "../platform/context";
import { type Tx, transact } from "../platform/database";
import { readEmail } from "../platform/email";
import { readId } from "../platform/ids";
import { networkOf } from "../platform/throttle/caller";
import { refuse } from "./accounts.refusals";
import { emailIndexOf } from "./create-account";
import { claimLogin } from "./login-attempts";
import { checkPassword, checkRoomToHash, hashPassword, isOutdated } from "./password-hash";
import { MOST_PASSWORD_BYTES } from "./password-policy";
import { ipPlace } from "./session.rows";
import { startSession } from "./start-session";

declare module "../platform/context" {
  interface Services {
    /**
     * Merges a guest's cart (uuid, or null for none) into the account's, in the login's transaction. A cart that is not there, not a
     * guest's or not free is left alone. @returns the account's active cart, if it then has one
     */
    adoptCart(
      tx: Tx,
      platform: Platform,
      ask: { accountId: string; cartId: string | null; now: Date },
    ): Promise<{ cartUuid: string | null }>;
  }
}

export type Login = { email: string; password: string; cartId?: string | null; device?: string | null };

/**
 * Signs a device in and merges its guest cart. Unknown address, wrong password, disabled account and account without a password are told
 * apart neither by the answer nor by the work done.
 * @throws INVALID_CREDENTIALS; RATE_LIMITED after too many that failed
 */
export async function login(platform: Platform, ask: Login & { ip: string }) {
  const email = readEmail(ask.email);
  // Neither can belong to any account, so refusing early tells nothing.
  if (!email || Buffer.byteLength(ask.password, "utf8") > MOST_PASSWORD_BYTES)
    throw refuse("INVALID_CREDENTIALS");
  checkRoomToHash(platform, ask.ip);
  const account = await findByEmail(platform, email);
  const attempt = await claimLogin(platform, {
    email,
    ip: ask.ip,
    knownAt: account ? networksOf(platform, account) : [],
  });
  const active = account?.status === "ACTIVE" ? account.passwordHash : null;
  const right = await checkPassword(platform, ask.password, active, ask.ip).catch(async (error) => {
    await attempt.giveBack(); // nobody had time to look at the password
    throw error;
  });
  if (!account || !active || !right) throw refuse("INVALID_CREDENTIALS");
  await attempt.giveBack();
  const passwordHash = isOutdated(platform, active)
    ? await hashPassword(platform, ask.password, ask.ip).catch(() => null) // no room for it now: the next login will do
    : null;

  const accountId = account.id;
  const cartId = ask.cartId == null ? null : readId("cart", ask.cartId);
  return transact(platform.db, async (tx) => {
    if (passwordHash)
      await tx.account.updateMany({ where: { id: accountId, passwordHash: active }, data: { passwordHash } });
    const { device, ip } = ask;
    const session = await startSession(platform, tx, { accountId, key: account.dataKey, device, ip });
    const now = platform.clock.now();
    const { cartUuid } = await platform.services.adoptCart(tx, platform, { accountId, cartId, now });
    return { accountUuid: accountId, cartUuid, ...session };
  });
}

/** Ended ones, too: who signed out at home is known there all the same. */
const LATEST_SESSIONS = 10;

const findByEmail = (platform: Platform, email: string) =>
  platform.db.account.findUnique({
    where: { emailIndex: emailIndexOf(platform, email) },
    select: {
      ...{ id: true, status: true, passwordHash: true },
      dataKey: { select: { id: true, wrapped: true } },
      sessions: { select: { id: true, ipCipher: true }, orderBy: { id: "desc" }, take: LATEST_SESSIONS },
    },
    relationLoadStrategy: "join", // one statement, whether there is an account or not
  });

type Found = NonNullable<Awaited<ReturnType<typeof findByEmail>>>;

/** Where the account was signed in lately. */
const networksOf = ({ vault }: Platform, { dataKey, sessions }: Found) =>
  sessions.flatMap(({ id, ipCipher }) => {
    const ip = vault.unseal(dataKey, ipPlace(id), ipCipher);
    return ip === null ? [] : [networkOf(ip)];
  });
