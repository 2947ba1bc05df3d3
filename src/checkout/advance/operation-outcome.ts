/**
 * What a request that asked a provider came to: uuids of what there is. Kept under the request's key. A capture, void or refund that was
 * refused says so; what a checkout came to is read from its payment each time it is answered.
 */
export type OperationOutcome = {
  orderId: string;
  paymentId: string;
  operationId: string;
  error?: "PROVIDER_REFUSED";
};
