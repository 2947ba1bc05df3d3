import type { CheckoutErrorCode } from "./checkout.refusals";

/**
 * What a request that asked a provider came to: uuids of what there is, and why not when it was refused. Kept under the request's key.
 * PROVIDER_REFUSED is said of captures, voids and refunds.
 */
export type OperationOutcome = {
  orderId: string;
  paymentId: string;
  operationId: string;
  error?: Extract<CheckoutErrorCode, "PAYMENT_DECLINED" | "OUT_OF_STOCK"> | "PROVIDER_REFUSED";
};
