import { actsFor, type Context, isStaff } from "../platform/context";
import { access, anyone, isStaffMember, type Rules } from "../platform/rules";

/** Whose order it is; a guest's has no account and is nobody's but the key's. */
export type OrderOwner = { uuid: string; accountUuid: string | null };

/** Whether the caller may see an order: its owner, staff, or who has shown its key (orderToken, cart id) in this request. */
export const mayReadOrder = (ctx: Context, { uuid, accountUuid }: OrderOwner): boolean =>
  actsFor(ctx, accountUuid) || isStaff(ctx) || ctx.admitted.has(uuid);

/** Missing and not yours look the same from outside, signed in or not. */
const ownsOrder = access(
  "ownsOrder",
  "its owner, staff, who holds its key",
  (order: OrderOwner, _args, ctx) => (mayReadOrder(ctx, order) ? true : "NOT_FOUND"),
);

/** Lines, events and connections are reached through an order's or an account's guarded fields only. */
export const ordersRules: Rules = {
  Query: { order: anyone, guestOrder: anyone, orders: isStaffMember },
  Order: ownsOrder,
  OrderLine: anyone,
  OrderEvent: anyone,
  OrderConnection: anyone,
  OrderEdge: anyone,
  PostalAddress: anyone,
  DeliveryOption: anyone,
  Totals: anyone,
};
