import type { Platform } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { readId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { withinLimit } from "./ask-provider";
import { findProvider } from "./find-provider";
import { lockOwnMethods } from "./payment-method.rows";
import { refusePaymentMethod } from "./payments.refusals";

/** A method that is gone here: what its provider still knows it by. */
export type DeletedMethod = { uuid: string; provider: string; token: string | null };

/**
 * Deletes a saved payment method of an account; payments made with it, also those under way, go on. When it was the default one, the oldest
 * of the others becomes it. Tell its provider once the transaction is through (forgetPaymentMethod).
 * @throws NOT_FOUND at ["id"], for a foreign one too
 */
export function deletePaymentMethod(
  platform: Platform,
  sql: Sql,
  accountId: string,
  id: string,
): Promise<DeletedMethod> {
  const uuid = readId("pm", id);
  if (uuid === null) throw refusePaymentMethod("NOT_FOUND", "id");
  return transact(sql, async (tx) => {
    const mine = await lockOwnMethods(platform, tx, accountId);
    const gone = mine.find((one) => one.uuid === uuid);
    if (!gone) throw refusePaymentMethod("NOT_FOUND", "id");
    await tx.paymentMethod.delete({ where: { id: uuid } });
    const [heir] = mine.filter((one) => one !== gone).sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
    if (gone.isDefault && heir)
      await tx.paymentMethod.update({ where: { id: heir.uuid }, data: { isDefault: true } });
    await emit(tx, platform.clock.now(), {
      type: "account.payment_method_deleted",
      subjectType: "account",
      subjectId: accountId,
      data: { paymentMethodId: uuid },
    });
    return { uuid, provider: gone.provider, token: gone.token };
  });
}

/** Has the provider forget a deleted method, if it can and answers in time: nobody can use it through this shop any more either way. */
export async function forgetPaymentMethod(platform: Platform, gone: DeletedMethod): Promise<void> {
  const { provider: handle, token } = gone;
  const provider = findProvider(platform, handle);
  const forget = provider?.forgetMethod;
  if (!forget || token === null) return;
  const asked = { provider: handle, call: "forget a payment method" };
  await withinLimit(platform, asked, () => forget.call(provider, token).then(() => true), false);
}
