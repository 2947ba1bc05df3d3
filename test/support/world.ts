import { randomUUID } from "node:crypto";
import type { TestApp } from "./app";
import { aProduct, aZone, unique } from "./builders";

export const PASSWORD = "a-fine-long-passphrase";
export const ADDRESS = {
  name: "Ann Example",
  line1: "1 Garden Lane",
  city: "Berlin",
  postalCode: "10115",
  country: "DE",
};

const REGISTER =
  "mutation($input: RegisterInput!) { register(input: $input) { accepted userErrors { code } } }";
const LOGIN = `mutation($input: LoginInput!) { login(input: $input) {
  account { id sessions { id } } tokens { accessToken refreshToken } cart { id } userErrors { code } } }`;
const CREATE_CART = `mutation($input: CreateCartInput!) { createCart(input: $input) {
  cart { id lines { id } totals { total { amount currency } } } userErrors { code path } } }`;
const UPDATE_CART = `mutation($input: UpdateCartInput!) { updateCart(input: $input) {
  cart { id totals { total { amount currency } } } userErrors { code path } } }`;
const CHECKOUT = `mutation($input: CheckoutInput!) { checkout(input: $input) {
  order { id number status paymentStatus payments { id operations { id } } } orderToken userErrors { code path } } }`;

export type Person = {
  email: string;
  token: string;
  refreshToken: string;
  accountId: string;
  sessionId: string;
};

/** A person who has registered and logged in through HTTP; staff roles are given as the owner of the database would. */
export async function aPerson(
  { ask, db }: TestApp,
  role: "CUSTOMER" | "STAFF" | "ADMIN" = "CUSTOMER",
): Promise<Person> {
  const email = `${unique()}@example.test`;
  await ask(null, REGISTER, { input: { email, password: PASSWORD, name: "Ann" } });
  const { data } = await ask(null, LOGIN, { input: { email, password: PASSWORD } });
  const { account, tokens } = data.login;
  if (role !== "CUSTOMER") {
    const session = await db.refreshToken.findFirst({
      orderBy: { createdAt: "desc" },
      include: { session: true },
    });
    await db.account.update({ where: { id: session?.session.accountId ?? "" }, data: { role } });
  }
  const sessionId = account.sessions[0].id;
  return {
    email,
    token: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    accountId: account.id,
    sessionId,
  };
}

/** A cart that checkout would accept: one line, e-mail, address in the zone, standard delivery. */
export async function aReadyCart({ ask, db }: TestApp, token: string | null, variantId?: string) {
  const variant = variantId ?? (await aProduct(db)).variant.id;
  const made = await ask(token, CREATE_CART, { input: { lines: [{ variantId: variant, quantity: 1 }] } });
  const cart = made.data.createCart.cart;
  const updated = await ask(token, UPDATE_CART, {
    input: {
      cartId: cart.id,
      email: `${unique()}@example.test`,
      shippingAddress: ADDRESS,
      deliveryHandle: "standard",
    },
  });
  const { total } = updated.data.updateCart.cart.totals;
  return {
    id: cart.id as string,
    lineId: cart.lines.at(-1).id as string,
    total: total as { amount: number; currency: string },
  };
}

/** Checks a ready cart out with the sandbox provider; a new key each time unless one is given. */
export const checkOut = (
  { ask }: TestApp,
  token: string | null,
  cart: { id: string; total: { amount: number; currency: string } },
  { key = randomUUID() as string, payment = { token: "sandbox:success" } as object } = {},
) =>
  ask(
    token,
    CHECKOUT,
    { input: { cartId: cart.id, expectedTotal: cart.total, payment } },
    { "idempotency-key": key },
  );

/** A shop where Germany is delivered to. */
export const aShop = ({ db }: TestApp) => aZone(db);
