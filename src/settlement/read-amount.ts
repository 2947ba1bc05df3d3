import type { MoneyInput } from "../platform/types";
import { refusePayment } from "./settlement.refusals";

/** The amount that is asked for in minor units of the payment's currency, or null for all that is left. @throws AMOUNT_INVALID, CURRENCY_MISMATCH */
export function readAmount(asked: MoneyInput | null | undefined, currency: string): bigint | null {
  if (!asked) return null;
  if (asked.amount <= 0n) throw refusePayment("AMOUNT_INVALID", "amount", "amount");
  if (asked.currency !== currency) throw refusePayment("CURRENCY_MISMATCH", "amount", "currency");
  return asked.amount;
}
