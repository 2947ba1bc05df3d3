import { actsFor, type Context, isStaff } from "../platform/context";
import { readId } from "../platform/ids";
import { access, anyone, isStaffMember, type Rules } from "../platform/rules";
import { type OrderOwner, readOrderToken } from "./order-key";

/** Whether the caller may see an order: its owner, staff, or who has shown its key (orderToken, cart id) in this request. */
export const mayReadOrder = (ctx: Context, { uuid, accountUuid }: OrderOwner): boolean =>
  actsFor(ctx, accountUuid) || isStaff(ctx) || ctx.admitted.has(uuid);

/** Missing and not yours look the same from outside, signed in or not. */
const ownsOrder = access(
  "ownsOrder",
  "its owner, staff, who holds its key",
  (order: OrderOwner, _args, ctx) => (mayReadOrder(ctx, order) ? true : "NOT_FOUND"),
);

/** Decided before anything of the order is read. A malformed id goes on: the resolver says what is wrong with it. */
const mayAskForOrder = access(
  "mayAskForOrder",
  "its owner, staff",
  async (_parent, { id }: { id: string }, ctx) => {
    const uuid = readId("order", id);
    if (uuid === null || isStaff(ctx)) return true;
    if (!ctx.viewer) return "NOT_FOUND";
    const owned = await ctx.db.order.count({ where: { id: uuid, accountId: ctx.viewer.accountId } });
    return owned === 1 ? true : "NOT_FOUND";
  },
);

/** Decided before anything is read: the key proves itself. */
const holdsOrderKey = access(
  "holdsOrderKey",
  "who holds the order's key",
  (_parent, { token }: { token: string }, ctx) => (readOrderToken(ctx.vault, token) ? true : "NOT_FOUND"),
);

/** Lines, events and connections are reached through an order's or an account's guarded fields only. */
export const ordersRules: Rules = {
  Query: { order: mayAskForOrder, guestOrder: holdsOrderKey, orders: isStaffMember },
  Order: ownsOrder,
  OrderLine: anyone,
  OrderEvent: anyone,
  OrderConnection: anyone,
  OrderEdge: anyone,
  PostalAddress: anyone,
  DeliveryOption: anyone,
  Totals: anyone,
};
