import { randomUUID } from "node:crypto";
import type { TestApp } from "./app";
import { anAddress } from "./builders";

const FIELDS = `
  id currency email updatedAt
  lines { id quantity variant { id sku } unitPrice { amount currency decimal } total { amount } }
  shippingAddress { name line1 city country } billingAddress { name }
  deliveryOptions { handle title price { amount } } delivery { handle price { amount } }
  totals { subtotal { amount } discount { amount } shipping { amount } tax { amount } taxIncluded total { amount } }
  warnings { code message lineId } blockers order { id status }`;
const CART = `cart { ${FIELDS} } userErrors { code message path }`;
const documents = {
  createCart: `mutation($input: CreateCartInput!) { createCart(input: $input) { ${CART} } }`,
  addCartLines: `mutation($input: AddCartLinesInput!) { addCartLines(input: $input) { ${CART} } }`,
  updateCartLines: `mutation($input: UpdateCartLinesInput!) { updateCartLines(input: $input) { ${CART} } }`,
  updateCart: `mutation($input: UpdateCartInput!) { updateCart(input: $input) { ${CART} } }`,
};
const READ_CART = `query($id: ID!) { cart(id: $id) { ${FIELDS} } }`;

export type CartAnswer = {
  id: string;
  currency: string;
  email: string | null;
  lines: {
    id: string;
    quantity: number;
    variant: { id: string };
    unitPrice: { amount: number };
    total: { amount: number };
  }[];
  shippingAddress: { country: string } | null;
  billingAddress: object | null;
  deliveryOptions: { handle: string; price: { amount: number } }[];
  delivery: { handle: string; price: { amount: number } } | null;
  totals: Record<"subtotal" | "discount" | "shipping" | "tax" | "total", { amount: number }> & {
    taxIncluded: boolean;
  };
  warnings: { code: string; message: string; lineId: string }[];
  blockers: string[];
  order: { id: string; status: string } | null;
};

/** The cart mutations as functions: the payload, or a thrown error when there is no payload. */
export function cartsOf({ ask }: TestApp) {
  async function change(
    field: keyof typeof documents,
    input: object,
    token: string | null = null,
    headers: Record<string, string> = {},
  ) {
    const { data, errors } = await ask(token, documents[field], { input }, headers);
    if (!data) throw new Error(JSON.stringify(errors));
    return data[field] as { cart: CartAnswer; userErrors: { code: string; path: string[] }[] };
  }
  return {
    change,
    /** The cart a mutation answers with; it must not be refused. */
    async cart(field: keyof typeof documents, input: object, token: string | null = null) {
      const { cart, userErrors } = await change(field, input, token);
      if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
      return cart;
    },
    /** A guest's cart that checkout would accept, in a zone with standard delivery. */
    async ready(product: { variant: { id: string } }) {
      const lines = [{ variantId: product.variant.id, quantity: 1 }];
      const { cart } = await change("createCart", { lines, email: "ann@example.test" });
      const goes = { shippingAddress: anAddress(), deliveryHandle: "standard" };
      return (await change("updateCart", { cartId: cart.id, ...goes })).cart;
    },
    /** The code and path of the one refusal. */
    async refusal(field: keyof typeof documents, input: object, token: string | null = null) {
      const { cart, userErrors } = await change(field, input, token);
      if (cart || userErrors.length !== 1) throw new Error(`Not refused: ${JSON.stringify(userErrors)}`);
      return [userErrors[0]?.code, ...(userErrors[0]?.path ?? [])];
    },
    async read(id: string, token: string | null = null) {
      const { data, codes } = await ask(token, READ_CART, { id });
      return { cart: (data?.cart ?? null) as CartAnswer | null, codes };
    },
  };
}

const CHECKOUT = `mutation($input: CheckoutInput!) { checkout(input: $input) { order { id } userErrors { code } } }`;

/** Checks a guest's cart out with a token of aProvider: success, decline or silence. */
export async function checkOutWith({ ask }: TestApp, cart: CartAnswer, token: string) {
  const { amount } = cart.totals.total;
  const expectedTotal = { amount, currency: cart.currency };
  const input = { cartId: cart.id, expectedTotal, payment: { token } };
  const { data } = await ask(null, CHECKOUT, { input }, { "idempotency-key": randomUUID() });
  return data.checkout as { order: { id: string } | null; userErrors: { code: string }[] };
}
