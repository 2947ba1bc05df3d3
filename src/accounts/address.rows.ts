import { Prisma } from "../generated/prisma/client";
import type { PostalAddressData } from "../platform/address";
import type { Context, Platform } from "../platform/context";
import type { Sql } from "../platform/database";
import { toId } from "../platform/ids";
import { load } from "../platform/loaders";

type Stored = {
  id: string;
  account_id: string;
  address_cipher: Uint8Array;
  is_default: boolean;
  key_id: string;
  wrapped: Uint8Array | null;
};

/** Where an address's ciphertext belongs. */
export const addressPlace = (uuid: string) => `addresses|address|${uuid}`;

export type AddressRow = ReturnType<typeof toRow>;

/** An account's addresses, the default one first, then as they were added; loaded together for all accounts of the tick. */
export const listAddresses = async (ctx: Context, accountUuid: string) =>
  (await load(ctx, addressesByAccount, accountUuid)) ?? [];

async function addressesByAccount(ctx: Context, accounts: readonly string[]) {
  const found = await findAddresses(ctx, ctx.db, Prisma.sql`d.account_id = ANY(${accounts}::uuid[])`);
  const grouped = new Map<string, AddressRow[]>();
  for (const address of found) {
    const list = grouped.get(address.accountUuid);
    if (list) list.push(address);
    else grouped.set(address.accountUuid, [address]);
  }
  return grouped;
}

/** The address with this uuid, whosever it is, or null. */
export async function findAddress(ctx: Context, uuid: string) {
  const found = await findAddresses(ctx, ctx.db, Prisma.sql`d.id = ${uuid}::uuid`);
  return found[0] ?? null;
}

/** The postal address an account has saved under this uuid; null when it is not there, someone else's or erased. */
export async function loadOwnAddress(
  platform: Pick<Platform, "vault">,
  sql: Sql,
  accountId: string,
  addressUuid: string,
): Promise<PostalAddressData | null> {
  const own = Prisma.sql`d.account_id = ${accountId}::uuid AND d.id = ${addressUuid}::uuid`;
  const [found] = await findAddresses(platform, sql, own);
  if (!found) return null;
  const { name, line1, line2, city, region, postalCode, country, phone } = found;
  return { name, line1, line2, city, region, postalCode, country, phone };
}

async function findAddresses({ vault }: Pick<Platform, "vault">, sql: Sql, which: Prisma.Sql) {
  const rows = await sql.$queryRaw<Stored[]>(Prisma.sql`
    SELECT d.id, d.account_id, d.address_cipher, d.is_default, k.id AS key_id, k.wrapped
    FROM addresses d JOIN accounts a ON a.id = d.account_id JOIN data_keys k ON k.id = a.data_key_id
    WHERE ${which} ORDER BY d.is_default DESC, d.id`);
  return rows.flatMap((row) => {
    const opened = vault.unseal(
      { id: row.key_id, wrapped: row.wrapped },
      addressPlace(row.id),
      row.address_cipher,
    );
    return opened === null ? [] : [toRow(row, JSON.parse(opened) as PostalAddressData)];
  });
}

const toRow = (row: Stored, address: PostalAddressData) => ({
  __typename: "Address" as const,
  id: toId("addr", row.id),
  uuid: row.id,
  accountUuid: row.account_id,
  isDefault: row.is_default,
  ...address,
});
