import type { Client } from "./client";
import { KEY } from "./metadata";
import { certainNo } from "./reasons";

/** Makes an account known to Stripe, so that methods can be kept for it; by our key alone: who it is stays here. @returns cus_… */
export async function createCustomer(stripe: Client, key: string): Promise<string> {
  const { id } = await stripe.customers.create({ metadata: { [KEY]: key } }, { idempotencyKey: key });
  return id;
}

/** Forgets a method that was kept for an account; one that is forgotten or gone already is no error. */
export async function forgetMethod(stripe: Client, token: string): Promise<void> {
  try {
    const { customer } = await stripe.paymentMethods.retrieve(token);
    if (customer !== null) await stripe.paymentMethods.detach(token);
  } catch (error) {
    if (certainNo(error)?.code !== "resource_missing") throw error;
  }
}
