import type { Feature } from "../platform/feature";
import { AccountCartResolver, SessionCartResolver } from "./cart/account-cart.resolver";
import { CartLineResolver, CartResolver } from "./cart/cart.resolver";
import { findCart } from "./cart/cart-node";
import { CheckoutResolver } from "./checkout.resolver";
import { checkoutRules } from "./checkout.rules";
import { staleOperationsSweep } from "./settle-stale-operations";
import { ShopResolver } from "./shop.resolver";

export { adoptCart } from "./cart/adopt-cart";

export const checkout: Feature = {
  resolvers: [
    CartResolver,
    CartLineResolver,
    AccountCartResolver,
    SessionCartResolver,
    ShopResolver,
    CheckoutResolver,
  ],
  rules: checkoutRules,
  nodes: { cart: findCart },
  sweeps: [staleOperationsSweep],
};
