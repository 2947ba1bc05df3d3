import type { Role } from "../generated/prisma/enums";
import type { Context, Viewer } from "../platform/context";
import { topLevelError } from "../platform/errors";
import { toId } from "../platform/ids";
import { load } from "../platform/loaders";
import type { DataKeyRow } from "../platform/vault";

type Stored = {
  id: string;
  email_cipher: Uint8Array;
  name_cipher: Uint8Array | null;
  email_verified_at: Date | null;
  role: Role;
  created_at: Date;
  key_id: string;
  wrapped: Uint8Array | null;
};

/** Where each of an account's ciphertexts belongs. */
export const emailPlace = (uuid: string) => `accounts|email|${uuid}`;
export const namePlace = (uuid: string) => `accounts|name|${uuid}`;

/** The account with this uuid, loaded together with all others of the tick; null when there is none. Says nothing of who may see it. */
export const readAccountData = (ctx: Context, uuid: string) => load(ctx, accountsById, uuid);

async function accountsById(ctx: Context, uuids: readonly string[]) {
  const rows = await ctx.db.$queryRaw<Stored[]>`
    SELECT a.id, a.email_cipher, a.name_cipher, a.email_verified_at, a.role, a.created_at, k.id AS key_id, k.wrapped
    FROM accounts a JOIN data_keys k ON k.id = a.data_key_id WHERE a.id = ANY(${uuids}::uuid[])`;
  return new Map(rows.map((row) => [row.id, toRow(ctx, row)]));
}

/**
 * The caller's own account as the schema shows it, of which `identify` knows that it is there: what else it holds is read when it is asked
 * for, all at once. Who asks for his orders pays for nothing but these.
 */
export function toViewerAccount({ accountId, role }: Viewer) {
  const own = async (ctx: Context) => {
    const account = await readAccountData(ctx, accountId);
    if (!account) throw topLevelError("UNAUTHENTICATED"); // gone since the request began
    return account;
  };
  return {
    __typename: "Account" as const,
    id: toId("acct", accountId),
    uuid: accountId,
    role,
    email: async (_args: object, ctx: Context) => (await own(ctx)).email(),
    emailVerified: async (_args: object, ctx: Context) => (await own(ctx)).emailVerified,
    name: async (_args: object, ctx: Context) => (await own(ctx)).name(),
    createdAt: async (_args: object, ctx: Context) => (await own(ctx)).createdAt,
  };
}

/** An account as the schema shows it; personal fields are opened only when asked for. `email` is empty once the person was erased. */
function toRow({ vault }: Context, row: Stored) {
  const key: DataKeyRow = { id: row.key_id, wrapped: row.wrapped };
  return {
    __typename: "Account" as const,
    id: toId("acct", row.id),
    uuid: row.id,
    email: () => vault.unseal(key, emailPlace(row.id), row.email_cipher) ?? "",
    emailVerified: row.email_verified_at !== null,
    name: () => vault.unseal(key, namePlace(row.id), row.name_cipher),
    role: row.role,
    createdAt: row.created_at,
  };
}
