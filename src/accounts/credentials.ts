import type { Prisma } from "../generated/prisma/client";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { networkIndexOf } from "./known-networks";
import { countLogin } from "./login-attempts";
import { checkPassword } from "./password-hash";
import { MOST_PASSWORD_BYTES } from "./password-policy";

export type Credentials = NonNullable<Awaited<ReturnType<typeof findCredentials>>>;

/** What a password from this address is held against: one statement, whether there is an account or not. */
export const findCredentials = (platform: Platform, where: Prisma.AccountWhereUniqueInput, ip: string) =>
  platform.db.account.findUnique({
    where,
    select: {
      ...{ id: true, emailCipher: true, status: true, passwordHash: true },
      dataKey: { select: { id: true, wrapped: true } },
      knownNetworks: { where: { network: networkIndexOf(platform, ip) }, select: { lastAt: true } },
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
  const isKnown = account?.knownNetworks.length === 1;
  const active = account?.status === "ACTIVE" ? account.passwordHash : null;
  const isRight = await countLogin(platform, { email, ip, isKnown }, () =>
    checkPassword(platform, password, active, ip),
  );
  return isRight ? active : null;
}

/** The password was changed, or hashed anew, since it was looked at; or the account is not active any more. */
class PasswordMoved extends Error {}

/** Keeps an account's password as it is until the transaction ends. @throws what `untilItStays` begins again for */
export async function holdPassword(tx: Tx, accountId: string, passwordHash: string) {
  const held = await tx.$queryRaw<object[]>`
    SELECT id FROM accounts WHERE id = ${accountId}::uuid AND password_hash = ${passwordHash} AND status = 'ACTIVE' FOR NO KEY UPDATE`;
  if (held.length === 0) throw new PasswordMoved("The password is not what it was");
}

/** Begins again when the password moved on the way: whether the one that was given is right is to be seen anew. */
export async function untilItStays<Done>(work: () => Promise<Done>): Promise<Done> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PasswordMoved)) throw error;
    }
}

/** For those who change an account's password or address, or begin a session with it: one after the other, before they touch tokens or sessions. */
export async function holdAccount(tx: Tx, accountId: string) {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
}
