import { Prisma } from "../generated/prisma/client";
import type { Context } from "../platform/context";
import { toId } from "../platform/ids";

type Stored = {
  id: string;
  account_id: string;
  device_cipher: Uint8Array | null;
  ip_cipher: Uint8Array | null;
  created_at: Date;
  last_used_at: Date;
  key_id: string;
  wrapped: Uint8Array | null;
};

/** Where each of a session's ciphertexts belongs. */
export const devicePlace = (uuid: string) => `sessions|device|${uuid}`;
export const ipPlace = (uuid: string) => `sessions|ip|${uuid}`;

/** An account's live sessions, the one used last first. */
export const listSessions = (ctx: Context, accountUuid: string) =>
  findSessions(ctx, Prisma.sql`s.account_id = ${accountUuid}::uuid`);

/** One live session of an account, or null. */
export async function findSession(ctx: Context, accountUuid: string, uuid: string) {
  const found = await findSessions(
    ctx,
    Prisma.sql`s.account_id = ${accountUuid}::uuid AND s.id = ${uuid}::uuid`,
  );
  return found[0] ?? null;
}

async function findSessions(ctx: Context, which: Prisma.Sql) {
  const rows = await ctx.db.$queryRaw<Stored[]>(Prisma.sql`
    SELECT s.id, s.account_id, s.device_cipher, s.ip_cipher, s.created_at, s.last_used_at, k.id AS key_id, k.wrapped
    FROM sessions s JOIN accounts a ON a.id = s.account_id JOIN data_keys k ON k.id = a.data_key_id
    WHERE ${which} AND s.revoked_at IS NULL AND s.expires_at > ${ctx.clock.now()}::timestamptz
    ORDER BY s.last_used_at DESC, s.id DESC`);
  return rows.map((row) => toRow(ctx, row));
}

function toRow({ vault, viewer, admitted }: Context, row: Stored) {
  const key = { id: row.key_id, wrapped: row.wrapped };
  return {
    __typename: "Session" as const,
    id: toId("sess", row.id),
    uuid: row.id,
    accountUuid: row.account_id,
    current: viewer?.sessionId === row.id || admitted.has(row.id),
    device: vault.unseal(key, devicePlace(row.id), row.device_cipher),
    ip: vault.unseal(key, ipPlace(row.id), row.ip_cipher),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
