import type { Feature } from "../platform/feature";
import { AccountOrdersResolver } from "./account-orders.resolver";
import { OrderLineResolver, OrderResolver } from "./order.resolver";
import { ordersMails } from "./orders.mails";
import { ordersRules } from "./orders.rules";
import { findOrder } from "./read-order";

export { DeliveryOption, PostalAddress, Totals } from "./commerce.types";
export { movedOrder, orderHistory } from "./order.machine";
export type { StoredOrder } from "./order.rows";
export { orderToken } from "./order-key";
export { orderPlace, toOrder, totalsOf } from "./order-node";
export { Order } from "./orders.types";
export { admitOrder, orderShown, readOrder } from "./read-order";

/** Orders: what was bought at which price, its states and its history. */
export const orders: Feature = {
  resolvers: [OrderResolver, OrderLineResolver, AccountOrdersResolver],
  rules: ordersRules,
  nodes: { order: findOrder },
  mails: ordersMails,
};
