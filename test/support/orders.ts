import type { TestApp } from "./app";
import { aFullCart, checkOut } from "./checkouts";
import type { Person } from "./person";

/** Orders of two pieces of a variant, placed through HTTP by a person or a guest, paid unless the test says otherwise. */
export const ordersOf =
  ({ ask }: TestApp, variantId: string) =>
  async (person: Person | null, payment: object = { token: "sandbox:success" }) => {
    const token = person?.token ?? null;
    const { data } = await checkOut(ask, await aFullCart(ask, token, { variantId, quantity: 2 }), {
      token,
      payment,
    });
    const { order, payment: paid, orderToken } = data.checkout;
    return { ...order, paymentId: paid.id as string, orderToken: orderToken as string } as {
      id: string;
      number: string;
      email: string;
      paymentId: string;
      orderToken: string;
    };
  };
