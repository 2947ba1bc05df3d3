import { Prisma } from "../generated/prisma/client";
import type { Context, Platform } from "../platform/context";
import type { Sql, Tx } from "../platform/database";
import { toId } from "../platform/ids";
import { load } from "../platform/loaders";
import type { MethodSummary } from "./provider-outcome";

type Stored = MethodSummary & {
  uuid: string;
  accountUuid: string;
  provider: string;
  isDefault: boolean;
  tokenCipher: Uint8Array;
  keyId: string;
  wrapped: Uint8Array | null;
};
export type PaymentMethodRow = ReturnType<typeof toRow>;

/** Where the provider's reference to a saved method is sealed. */
export const methodTokenPlace = (uuid: string) => `payment_methods|token|${uuid}`;

/** An account's saved methods, the default one first; loaded together for all accounts of the tick. */
export const listPaymentMethods = async (ctx: Context, accountUuid: string) =>
  (await load(ctx, methodsByAccount, accountUuid)) ?? [];

async function methodsByAccount(ctx: Context, accounts: readonly string[]) {
  const found = await findMethods(ctx.db, Prisma.sql`m.account_id = ANY(${accounts}::uuid[])`);
  const grouped = new Map<string, PaymentMethodRow[]>();
  for (const stored of found)
    grouped.set(stored.accountUuid, [...(grouped.get(stored.accountUuid) ?? []), toRow(stored)]);
  return grouped;
}

/** The saved method with this uuid, whosever it is, or null. */
export const loadPaymentMethod = (ctx: Context, uuid: string) => load(ctx, methodsById, uuid);

async function methodsById(ctx: Context, uuids: readonly string[]) {
  const found = await findMethods(ctx.db, Prisma.sql`m.id = ANY(${uuids}::uuid[])`);
  return new Map(found.map((stored) => [stored.uuid, toRow(stored)]));
}

/** What an account pays with when it names a saved method: its provider and token. Null when it isn't the account's, or was erased. */
export async function loadOwnMethod(
  { db, vault }: Pick<Platform, "db" | "vault">,
  accountId: string,
  uuid: string,
) {
  const [found] = await findMethods(
    db,
    Prisma.sql`m.id = ${uuid}::uuid AND m.account_id = ${accountId}::uuid`,
  );
  const token = found ? openToken(vault, found) : null;
  return found && token !== null ? { provider: found.provider, token } : null;
}

/** An account's methods with their tokens in the clear, under a lock on the account: who changes one sees what the one before left. */
export async function lockOwnMethods({ vault }: Pick<Platform, "vault">, tx: Tx, accountId: string) {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
  const found = await findMethods(tx, Prisma.sql`m.account_id = ${accountId}::uuid`);
  return found.map((stored) => {
    const { uuid, provider, isDefault } = stored;
    return { uuid, provider, isDefault, token: openToken(vault, stored) };
  });
}

const openToken = (vault: Platform["vault"], { keyId, wrapped, uuid, tokenCipher }: Stored) =>
  vault.unseal({ id: keyId, wrapped }, methodTokenPlace(uuid), tokenCipher);

const findMethods = (sql: Sql, which: Prisma.Sql) => sql.$queryRaw<Stored[]>`
  SELECT m.id AS "uuid", m.account_id AS "accountUuid", m.provider, m.token_cipher AS "tokenCipher", m.brand, m.last4,
    m.expiry_month AS "expiryMonth", m.expiry_year AS "expiryYear", m.is_default AS "isDefault", k.id AS "keyId", k.wrapped
  FROM payment_methods m JOIN accounts a ON a.id = m.account_id JOIN data_keys k ON k.id = a.data_key_id
  WHERE ${which} ORDER BY m.is_default DESC, m.id`;

const toRow = ({
  uuid,
  accountUuid,
  provider,
  isDefault,
  brand,
  last4,
  expiryMonth,
  expiryYear,
}: Stored) => ({
  __typename: "PaymentMethod" as const,
  id: toId("pm", uuid),
  uuid,
  accountUuid,
  provider,
  isDefault,
  summary: { brand, last4, expiryMonth, expiryYear },
});
