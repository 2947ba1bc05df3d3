import type { Prisma } from "../generated/prisma/client";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { networkOf } from "../platform/throttle/caller";
import { countLogin } from "./login-attempts";
import { checkPassword } from "./password-hash";
import { MOST_PASSWORD_BYTES } from "./password-policy";
import { ipPlace } from "./session.rows";

/** Ended ones, too: who signed out at home is known there all the same. */
const LATEST_SESSIONS = 10;

export type Credentials = NonNullable<Awaited<ReturnType<typeof findCredentials>>>;

/** What a password is held against: one statement, whether there is an account or not. */
export const findCredentials = ({ db }: Platform, where: Prisma.AccountWhereUniqueInput) =>
  db.account.findUnique({
    where,
    select: {
      ...{ id: true, emailCipher: true, status: true, passwordHash: true },
      dataKey: { select: { id: true, wrapped: true } },
      sessions: { select: { id: true, ipCipher: true }, orderBy: { id: "desc" }, take: LATEST_SESSIONS },
    },
    relationLoadStrategy: "join",
  });

/**
 * Whether the password is the account's, which is counted as an attempt. An account that is not there (null), disabled or without a
 * password costs the same work as a wrong one.
 * @param ask.email normalised, whether anybody has it or not
 * @returns the hash that the password belongs to; null when it is wrong
 * @throws RATE_LIMITED after too many that failed; SERVICE_UNAVAILABLE when too many wait for theirs already
 */
export async function provePassword(
  platform: Platform,
  account: Credentials | null,
  { email, password, ip }: { email: string; password: string; ip: string },
): Promise<string | null> {
  if (Buffer.byteLength(password, "utf8") > MOST_PASSWORD_BYTES) return null; // no account can have it, so refusing early tells nothing
  const knownAt = account ? networksOf(platform, account) : [];
  const active = account?.status === "ACTIVE" ? account.passwordHash : null;
  const isRight = await countLogin(platform, { email, ip, knownAt }, () =>
    checkPassword(platform, password, active, ip),
  );
  return isRight ? active : null;
}

/** Keeps an account's password as it is until the transaction ends. @returns false when it isn't any more what it was, or the account not active */
export async function holdPassword(tx: Tx, accountId: string, passwordHash: string): Promise<boolean> {
  const held = await tx.$queryRaw<object[]>`
    SELECT id FROM accounts WHERE id = ${accountId}::uuid AND password_hash = ${passwordHash} AND status = 'ACTIVE' FOR NO KEY UPDATE`;
  return held.length === 1;
}

/** Where the account was signed in lately. */
const networksOf = ({ vault }: Platform, { dataKey, sessions }: Credentials) =>
  sessions.flatMap(({ id, ipCipher }) => {
    const ip = vault.unseal(dataKey, ipPlace(id), ipCipher);
    return ip === null ? [] : [networkOf(ip)];
  });
