import type { Vault } from "../platform/vault";

/** Whose order it is; a guest's has no account and is nobody's but the key's. */
export type OrderOwner = { uuid: string; accountUuid: string | null };

/** What a key was made for: once an account has taken a guest's order over, cart and all, the guest's key doesn't open it any more. */
const GUESTS = "guest's order";
const ACCOUNTS = "account's order";

/** The key to an order without signing in, the same each time it is asked for. */
export const orderToken = (vault: Vault, { uuid, accountUuid }: OrderOwner) =>
  vault.signedToken(accountUuid === null ? GUESTS : ACCOUNTS, uuid);

/** Which order a token is the key to, and whether while it is a guest's; null for anything that isn't such a token. */
export function readOrderToken(vault: Vault, token: string): { uuid: string; guests: boolean } | null {
  const guests = vault.readSignedToken(GUESTS, token);
  const uuid = guests ?? vault.readSignedToken(ACCOUNTS, token);
  return uuid === null ? null : { uuid, guests: guests !== null };
}
