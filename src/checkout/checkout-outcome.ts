import type { CheckoutErrorCode } from "./checkout.refusals";

/** What a checkout came to: uuids of what there is, and PAYMENT_DECLINED when it was. Stored under the request's key. */
export type CheckoutOutcome = { orderId: string; paymentId: string; error?: CheckoutErrorCode };
