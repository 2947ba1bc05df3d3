import type { PricedCart } from "../cart/priced-cart";
import type { OrderRows } from "./place-order.rows";

/** The client's request: whose key it is, which key, and what was asked with it. */
export type KeyedRequest = { actor: string; key: string; inputHash: Uint8Array<ArrayBuffer> };

/** Everything that the statement which places an order is made of. */
export type Placing = {
  cart: PricedCart;
  rows: OrderRows;
  request: KeyedRequest;
  now: Date;
  leaseUntil: Date;
  holdUntil: Date;
};

/** Whether a cart was never ordered before, as nearly all: then there is nothing to be replaced, and no statement looks for it. */
export const isFirst = ({ orderUuid }: PricedCart) => orderUuid === null;
