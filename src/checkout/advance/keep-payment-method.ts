import { accountKey } from "../../accounts";
import { type MethodSummary, savePaymentMethod } from "../../payments";
import type { Platform } from "../../platform/context";
import type { Tx } from "../../platform/database";
import { tokenPlace } from "../place/payment-places";

type Stored = {
  accountId: string | null;
  provider: string;
  tokenCipher: Uint8Array;
  keyId: string;
  wrapped: Uint8Array | null;
};

/** Keeps the method that a payment was made with for the order's account, sealed anew under the account's key. */
export async function keepPaymentMethod(
  tx: Tx,
  platform: Platform,
  at: Date,
  paymentUuid: string,
  summary: MethodSummary | null,
): Promise<void> {
  const [stored] = await tx.$queryRaw<Stored[]>`
    SELECT o.account_id::text AS "accountId", p.provider, p.token_cipher AS "tokenCipher", k.id::text AS "keyId", k.wrapped
    FROM payments p JOIN orders o ON o.id = p.order_id JOIN data_keys k ON k.id = o.data_key_id
    WHERE p.id = ${paymentUuid}::uuid`;
  if (!stored?.accountId) return;
  const { accountId, provider, tokenCipher, keyId, wrapped } = stored;
  const token = platform.vault.unseal({ id: keyId, wrapped }, tokenPlace(paymentUuid), tokenCipher);
  if (token === null) return; // erased meanwhile
  const { id, wrapped: own } = await accountKey(platform, tx, accountId);
  await savePaymentMethod(tx, platform, at, {
    accountId,
    key: { id, wrapped: own },
    provider,
    token,
    summary,
  });
}
