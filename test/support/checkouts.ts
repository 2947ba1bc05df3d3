import { randomUUID } from "node:crypto";
import type { Answer, Ask } from "./app";
import { anAddress, unique } from "./builders";

export const CHECKOUT = `mutation($input: CheckoutInput!) { checkout(input: $input) {
  order { id number status paymentStatus email lines { title quantity total { amount } }
    totals { subtotal { amount } shipping { amount } tax { amount } total { amount currency } }
    shippingAddress { name city country } delivery { handle } events { type }
    payments { id authorized { amount } captured { amount } operations { id kind status reason } } }
  payment { id provider method { brand last4 } captured { amount } operations { kind status reason } }
  nextAction { type url clientSecret } orderToken userErrors { code message path } } }`;
const CREATE = `mutation($input: CreateCartInput!) { createCart(input: $input) {
  cart { id lines { id } } userErrors { code path } } }`;
const UPDATE = `mutation($input: UpdateCartInput!) { updateCart(input: $input) {
  cart { id blockers totals { total { amount currency } } } userErrors { code path } } }`;

type Wanted = { variantId: string; quantity?: number };
export type ReadyCart = { id: string; total: { amount: number; currency: string } };

/** A cart that checkout would accept: lines, e-mail, address in the zone, standard delivery. `lineId` is the last one's. */
export async function aFullCart(
  ask: Ask,
  token: string | null,
  ...lines: Wanted[]
): Promise<ReadyCart & { lineId: string }> {
  const created = await ask(token, CREATE, { input: { lines } });
  const { cart, userErrors } = created.data?.createCart ?? {};
  if (!cart) throw new Error(`No cart: ${JSON.stringify(userErrors ?? created.errors)}`);
  const email = `${unique()}@example.test`;
  const input = { cartId: cart.id, email, shippingAddress: anAddress(), deliveryHandle: "standard" };
  const { data } = await ask(token, UPDATE, { input });
  return { id: cart.id, lineId: cart.lines.at(-1).id, total: data.updateCart.cart.totals.total };
}

type Paying = { key?: string; payment?: object; token?: string | null; expectedTotal?: object };

/** Checks a cart out; with a new key and a card that pays unless the test says otherwise. */
export async function checkOut(ask: Ask, cart: ReadyCart, about: Paying = {}) {
  const { key = randomUUID(), payment = { token: "sandbox:success" }, token = null } = about;
  const input = { cartId: cart.id, expectedTotal: about.expectedTotal ?? cart.total, payment };
  return ask(token, CHECKOUT, { input }, { "idempotency-key": key });
}

/** What a checkout came to: OK, the code of its refusal, or of the error that stopped it. */
export const resultOf = ({ data, codes, status }: Answer): string =>
  codes[0] ?? data?.checkout.userErrors[0]?.code ?? (data?.checkout.order ? "OK" : `HTTP ${status}`);

/** How often each result came. */
export function tally(results: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}
