import type { Feature } from "../platform/feature";
import { AccountCartResolver, SessionCartResolver } from "./cart/account-cart.resolver";
import { CartResolver } from "./cart/cart.resolver";
import { findCart } from "./cart/cart-node";
import { CheckoutResolver } from "./checkout.resolver";
import { checkoutRules } from "./checkout.rules";
import { PaymentMethodResolver } from "./payment-method.resolver";
import { expirySweeps } from "./settle/expiry-sweeps";
import { dueOperationsSweep } from "./settle/settle-due-operations";
import { ShopResolver } from "./shop.resolver";

export { advanceOrder } from "./advance/advance-order";
export { answered } from "./advance/answer-request";
export type { OperationOutcome } from "./advance/operation-outcome";
export { releasedStock } from "./advance/released-stock.sql";
export { adoptCart } from "./cart/adopt-cart";
export type { KeyedRequest } from "./place/placing";
export { replayRequest } from "./replay-request";
export { askedOf, lookUpOf, readOperation } from "./settle/operation-to-ask";
export { settleDueOperations } from "./settle/settle-due-operations";
export { askOperation, callOffOperation, settleOperation } from "./settle/settle-operation";

const cartChanges = ["createCart", "addCartLines", "updateCartLines", "updateCart"];

export const checkout: Feature = {
  resolvers: [
    CartResolver,
    AccountCartResolver,
    SessionCartResolver,
    ShopResolver,
    CheckoutResolver,
    PaymentMethodResolver,
  ],
  rules: checkoutRules,
  sensitive: ["checkout", "resumeCheckout"],
  urgent: ["cart", "updateCart", "checkout", "resumeCheckout"],
  sparesCatalog: cartChanges,
  sparesSessions: [...cartChanges, "checkout", "resumeCheckout"],
  nodes: { cart: findCart },
  sweeps: [dueOperationsSweep, ...expirySweeps],
};
