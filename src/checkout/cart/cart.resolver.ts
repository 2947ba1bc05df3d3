import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { admitOrder, Order, readOrder } from "../../orders";
import type { Context } from "../../platform/context";
import { topLevelError } from "../../platform/errors";
import { idempotent } from "../../platform/idempotency";
import { parseId, readId } from "../../platform/ids";
import { settle } from "../../platform/refusal";
import { addCartLines } from "./add-cart-lines";
import { refuseCart } from "./cart.refusals";
import { Cart, CartPayload } from "./cart.types";
import {
  AddCartLinesInput,
  CreateCartInput,
  UpdateCartInput,
  UpdateCartLinesInput,
} from "./cart-input.types";
import { type CartNode, findCart, toCartNode } from "./cart-node";
import { createAccountCart, createGuestCart } from "./create-cart";
import type { PricedCart } from "./priced-cart";
import { updateCart } from "./update-cart";
import { updateCartLines } from "./update-cart-lines";
import { readLines } from "./wanted-lines";

@Resolver(() => Cart)
export class CartResolver {
  @Query(() => Cart, { nullable: true })
  async cart(@Arg("id", () => ID) id: string, @Ctx() ctx: Context) {
    const cart = await findCart(ctx, parseId("cart", id));
    if (!cart) throw topLevelError("NOT_FOUND");
    return cart;
  }

  /** A guest has no actor yet that a key could belong to: without an account the Idempotency-Key is ignored. */
  @Mutation(() => CartPayload)
  createCart(@Arg("input", () => CreateCartInput) input: CreateCartInput, @Ctx() ctx: Context) {
    return settle(async () => {
      const { currency = null, email = null } = input;
      const ask = { lines: readLines(input.lines ?? []), currency, email };
      const accountId = ctx.viewer?.accountId;
      if (!accountId) return { cart: toCartNode(await createGuestCart(ctx, ctx.db, ask)) };
      const { cartUuid } = await idempotent(
        ctx,
        { actor: accountId, operation: "createCart", input },
        async (sql) => ({
          cartUuid: await createAccountCart(ctx, sql, accountId, ask),
        }),
      );
      return { cart: await findCart(ctx, cartUuid) };
    });
  }

  @Mutation(() => CartPayload)
  addCartLines(@Arg("input", () => AddCartLinesInput) input: AddCartLinesInput, @Ctx() ctx: Context) {
    return changeCart(ctx, "addCartLines", input, (sql, uuid) =>
      addCartLines(ctx, sql, uuid, readLines(input.lines)),
    );
  }

  @Mutation(() => CartPayload)
  updateCartLines(
    @Arg("input", () => UpdateCartLinesInput) input: UpdateCartLinesInput,
    @Ctx() ctx: Context,
  ) {
    return changeCart(ctx, "updateCartLines", input, (sql, uuid) =>
      updateCartLines(ctx, sql, uuid, input.lines),
    );
  }

  @Mutation(() => CartPayload)
  updateCart(@Arg("input", () => UpdateCartInput) input: UpdateCartInput, @Ctx() ctx: Context) {
    return changeCart(ctx, "updateCart", input, (sql, uuid) => updateCart(ctx, sql, uuid, input));
  }

  @FieldResolver(() => Order, { nullable: true, description: "What it became" })
  order(@Root() cart: CartNode, @Ctx() ctx: Context) {
    if (cart.orderUuid === null) return null;
    admitOrder(ctx, cart.orderUuid); // who holds the cart holds its order
    return readOrder(ctx, cart.orderUuid);
  }
}

type Change = (sql: Parameters<Parameters<typeof idempotent>[2]>[0], uuid: string) => Promise<PricedCart>;

/** A change of a cart that is there already, once for each Idempotency-Key of its account, else of the cart itself. */
const changeCart = (ctx: Context, operation: string, input: { cartId: string }, change: Change) =>
  settle(async () => {
    const uuid = readId("cart", input.cartId);
    if (!uuid) throw refuseCart("CART_NOT_FOUND", "cartId");
    const ask = { actor: ctx.viewer?.accountId ?? uuid, operation, input };
    const changed: PricedCart[] = [];
    await idempotent(ctx, ask, async (sql) => {
      changed[0] = await change(sql, uuid);
      return { cartUuid: uuid };
    });
    const [cart] = changed; // none: it was changed by an earlier request with this key
    return { cart: cart ? toCartNode(cart) : await findCart(ctx, uuid) };
  });
