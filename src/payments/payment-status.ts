import type { PaymentOperationKind, PaymentOperationStatus, PaymentStatus } from "../generated/prisma/enums";
import { isOpen } from "./payment.machine";

/** What counts of an operation; amounts in minor units of the order's currency. */
export type OperationFact = { kind: PaymentOperationKind; status: PaymentOperationStatus; amount: bigint };

/** Sums of what succeeded, by kind; null where nothing of the kind did, which for a total of 0 is not the same as 0. */
export function sumByKind(operations: OperationFact[]): Record<PaymentOperationKind, bigint | null> {
  const sums: Record<PaymentOperationKind, bigint | null> = {
    AUTHORIZE: null,
    CAPTURE: null,
    VOID: null,
    REFUND: null,
  };
  for (const { kind, status, amount } of operations)
    if (status === "SUCCEEDED") sums[kind] = (sums[kind] ?? 0n) + amount;
  return sums;
}

/**
 * An order's payment status from its operations, oldest first: the first that holds, in the order below. An order of 0 is paid
 * or authorised by an operation like any other, not by being for nothing. `npm run verify` says the same in SQL.
 */
export function projectPaymentStatus(total: bigint, operations: OperationFact[]): PaymentStatus {
  const { AUTHORIZE: authorized, CAPTURE: captured, VOID: voided, REFUND: refunded } = sumByKind(operations);
  const [taken, given] = [captured ?? 0n, refunded ?? 0n];
  const allVoided = authorized !== null && voided === authorized;
  if (taken > 0n && given === taken) return "REFUNDED";
  if (given > 0n) return "PARTIALLY_REFUNDED";
  if (captured !== null && taken >= total) return "PAID";
  if (taken > 0n) return "PARTIALLY_PAID";
  if (operations.some(({ status }) => isOpen(status))) return "PROCESSING";
  if (authorized !== null && !allVoided && authorized - (voided ?? 0n) >= total) return "AUTHORIZED";
  if (allVoided) return "VOIDED";
  return operations.at(-1)?.status === "FAILED" ? "FAILED" : "UNPAID";
}
