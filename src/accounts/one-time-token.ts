import { Prisma } from "../generated/prisma/client";
import type { OneTimeTokenKind } from "../generated/prisma/enums";
import { later } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Sql, Tx } from "../platform/database";
import { newId } from "../platform/ids";
import { hashToken } from "../platform/vault";
import { emailIndexOf } from "./create-account";

/** The token that a stored row stands for: only its hash is kept, and the mail that carries it makes it again. */
export const oneTimeToken = ({ vault }: Pick<Platform, "vault">, rowId: string) =>
  vault.derivedToken("one-time token", rowId);

/**
 * Writes a token that works once, for `lifetime` milliseconds, for the active account that has this address (normalised); none when nobody has,
 * with the same statement.
 * @returns the row's uuid, for the mail's job
 */
export async function issueOneTimeToken(
  platform: Platform,
  tx: Tx,
  { email, kind, lifetime }: { email: string; kind: OneTimeTokenKind; lifetime: number },
) {
  const now = platform.clock.now();
  const id = newId();
  await tx.$executeRaw`
    INSERT INTO one_time_tokens (id, account_id, kind, hash, created_at, expires_at)
    SELECT ${id}::uuid, a.id, ${kind}::one_time_token_kind, ${hashToken(oneTimeToken(platform, id))}::bytea,
      ${now}::timestamptz, ${later(now, lifetime)}::timestamptz
    FROM accounts a WHERE a.email_index = ${emailIndexOf(platform, email)}::bytea AND a.status = 'ACTIVE'`;
  return id;
}

type Presented = { kind: OneTimeTokenKind; token: string; now: Date };

/** Tokens of active accounts that work. */
const working = ({ kind, token, now }: Presented) => Prisma.sql`
  t.hash = ${hashToken(token)}::bytea AND t.kind = ${kind}::one_time_token_kind AND t.used_at IS NULL
  AND t.expires_at > ${now}::timestamptz AND a.id = t.account_id AND a.status = 'ACTIVE'`;

/** Whose token it is, without using it: the account's uuid; null when it doesn't work. */
export async function findOneTimeToken(sql: Sql, presented: Presented): Promise<string | null> {
  const [found] = await sql.$queryRaw<{ account_id: string }[]>`
    SELECT t.account_id FROM one_time_tokens t, accounts a WHERE ${working(presented)}`;
  return found?.account_id ?? null;
}

/** Uses a token up; of any number at once one does. @returns the account's uuid; null when it doesn't work */
export async function spendOneTimeToken(tx: Tx, presented: Presented): Promise<string | null> {
  const [spent] = await tx.$queryRaw<{ account_id: string }[]>`
    UPDATE one_time_tokens t SET used_at = ${presented.now}::timestamptz FROM accounts a WHERE ${working(presented)}
    RETURNING t.account_id`;
  return spent?.account_id ?? null;
}
