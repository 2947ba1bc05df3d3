import type { Platform } from "../platform/context";
import type { Sql } from "../platform/database";
import type { DataKeyRow } from "../platform/vault";
import { emailPlace } from "./account.rows";

type Stored = { id: string; wrapped: Uint8Array | null; email_cipher: Uint8Array };

/**
 * An account's data key and, opened with it, its e-mail address (null once erased): what is needed to seal something for it.
 * @throws when there is no such account
 */
export async function accountKey({ vault }: Pick<Platform, "vault">, sql: Sql, accountId: string) {
  const [found] = await sql.$queryRaw<Stored[]>`
    SELECT k.id, k.wrapped, a.email_cipher FROM accounts a JOIN data_keys k ON k.id = a.data_key_id WHERE a.id = ${accountId}::uuid`;
  if (!found) throw new Error("No such account");
  const key: DataKeyRow = { id: found.id, wrapped: found.wrapped };
  return { ...key, email: vault.unseal(key, emailPlace(accountId), found.email_cipher) };
}
