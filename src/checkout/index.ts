import type { Feature } from "../platform/feature";
import { AccountCartResolver, SessionCartResolver } from "./cart/account-cart.resolver";
import { CartLineResolver, CartResolver } from "./cart/cart.resolver";
import { findCart } from "./cart/cart-node";
import { CheckoutResolver } from "./checkout.resolver";
import { checkoutRules } from "./checkout.rules";
import { expirySweeps } from "./expiry-sweeps";
import { PaymentMethodResolver } from "./payment-method.resolver";
import { dueOperationsSweep } from "./settle-due-operations";
import { ShopResolver } from "./shop.resolver";

export { advanceOrder } from "./advance-order";
export { answered } from "./answer-request";
export { adoptCart } from "./cart/adopt-cart";
export type { OperationOutcome } from "./operation-outcome";
export { askedOf, lookUpOf, readOperation } from "./operation-to-ask";
export type { KeyedRequest } from "./placing";
export { releasedStock } from "./released-stock.sql";
export { replayRequest } from "./replay-request";
export { settleDueOperations } from "./settle-due-operations";
export { askOperation, callOffOperation, settleOperation } from "./settle-operation";

export const checkout: Feature = {
  resolvers: [
    CartResolver,
    CartLineResolver,
    AccountCartResolver,
    SessionCartResolver,
    ShopResolver,
    CheckoutResolver,
    PaymentMethodResolver,
  ],
  rules: checkoutRules,
  nodes: { cart: findCart },
  sweeps: [dueOperationsSweep, ...expirySweeps],
};
