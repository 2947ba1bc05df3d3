import { newId, readId } from "../../src/platform/ids";
import type { TestApp } from "./app";

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
export const READ_CART = `query($id: ID!) { cart(id: $id) { ${FIELDS} } }`;

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

/** A PENDING order of a cart over 5.00 EUR, as a checkout leaves it behind while the provider is asked. */
export async function anOrderBeingPaid({ db, platform }: TestApp, cartId: string) {
  const [at, orderId, paymentId, keyId] = [new Date(), newId(), newId(), newId()];
  const dates = { createdAt: at, updatedAt: at };
  await db.dataKey.create({ data: { ...platform.vault.newDataKey(keyId), createdAt: at } });
  await db.order.create({
    data: {
      id: orderId,
      cartId: readId("cart", cartId) ?? "",
      dataKeyId: keyId,
      currency: "EUR",
      status: "PENDING",
      paymentStatus: "PROCESSING",
      roundingPolicy: "total-half-up-v1",
      taxIncluded: true,
      ...{ subtotal: 500n, discount: 0n, shipping: 0n, tax: 0n, total: 500n, placedAt: at, updatedAt: at },
      payments: {
        create: {
          id: paymentId,
          provider: "sandbox",
          amount: 500n,
          currency: "EUR",
          tokenCipher: new Uint8Array(1),
          createdAt: at,
        },
      },
    },
  });
  const operation = await db.paymentOperation.create({
    data: {
      ...{ id: newId(), paymentId, orderId, provider: "sandbox", kind: "AUTHORIZE", status: "PENDING" },
      ...{ amount: 500n, currency: "EUR", idempotencyKey: newId(), leaseUntil: at, ...dates },
    },
  });
  return { orderId, operationId: operation.id };
}
