import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import type { DataKeyRow } from "../platform/vault";
import { lockOwnMethods, methodTokenPlace } from "./payment-method.rows";
import type { MethodSummary } from "./provider-outcome";

export type MethodToSave = {
  accountId: string;
  /** The account's data key */
  key: DataKeyRow;
  provider: string;
  token: string;
  summary: MethodSummary | null;
};

/**
 * Keeps a payment method for an account, its token sealed under the account's key; an account's first is its default. A token that is
 * kept already is not kept twice.
 */
export async function savePaymentMethod(
  tx: Tx,
  platform: Pick<Platform, "vault">,
  at: Date,
  ask: MethodToSave,
) {
  const { accountId, key, provider, token, summary } = ask;
  const kept = await lockOwnMethods(platform, tx, accountId); // one default, though two orders save at once
  if (kept.some((method) => method.provider === provider && method.token === token)) return;
  const id = newId();
  await tx.paymentMethod.create({
    data: {
      id,
      accountId,
      provider,
      tokenCipher: platform.vault.seal(key, methodTokenPlace(id), token),
      ...summary,
      isDefault: kept.length === 0,
      createdAt: at,
    },
  });
}
