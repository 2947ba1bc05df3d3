import { insertAccount } from "../../src/accounts/create-account";
import { hashPassword } from "../../src/accounts/password-hash";
import { startSession } from "../../src/accounts/start-session";
import type { Platform } from "../../src/platform/context";
import { transact } from "../../src/platform/database";
import { createUser } from "../driver/user";
import { checkOut } from "../scenarios/ours";

export const PASSWORD = "bench-customer-2026";
export type Customer = { id: string; email: string };

/** So many customers, all with one password; each has a hash of the configured cost. */
export async function createCustomers(platform: Platform, count: number): Promise<Customer[]> {
  const passwordHash = await hashPassword(platform, PASSWORD, null);
  const customers: Customer[] = [];
  for (let n = 0; n < count; n++) {
    const email = `cust${n}@example.com`;
    const about = {
      email,
      name: `Cust No${n}`,
      role: "CUSTOMER",
      emailVerified: true,
      passwordHash,
    } as const;
    customers.push({ email, id: await transact(platform.db, (tx) => insertAccount(platform, tx, about)) });
  }
  return customers;
}

/** An access token for each; they live for a quarter of an hour, as all do. */
export async function signInAll(platform: Platform, customers: Customer[]) {
  const signedIn: (Customer & { token: string })[] = [];
  for (const { id, email } of customers) {
    const { dataKey } = await platform.db.account.findUniqueOrThrow({
      where: { id },
      select: { dataKey: { select: { id: true, wrapped: true } } },
    });
    const about = { accountId: id, key: dataKey, ip: "127.0.0.1" };
    const { tokens } = await transact(platform.db, (tx) => startSession(platform, tx, about));
    signedIn.push({ id, email, token: tokens.accessToken });
  }
  return signedIn;
}

/** Lets each customer buy so often, through the server. */
export async function placeOrders(
  url: string,
  customers: (Customer & { token: string })[],
  variantIds: string[],
  each: number,
): Promise<void> {
  const waiting = [...customers];
  const buy = async () => {
    const user = createUser(url);
    for (let customer = waiting.pop(); customer; customer = waiting.pop()) {
      user.headers = { authorization: `Bearer ${customer.token}` };
      for (let order = 0; order < each; order++) {
        const variantId = variantIds[(customers.indexOf(customer) * each + order) % variantIds.length] ?? "";
        await checkOut(user, variantId, customer.email);
      }
    }
    user.close();
  };
  await Promise.all(Array.from({ length: 8 }, buy));
}
