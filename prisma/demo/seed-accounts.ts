import { createAccount, emailIndexOf } from "../../src/accounts";
import type { Platform } from "../../src/platform/context";

export const PASSWORD = "tillgraph-demo-2026";

const people = [
  { email: "customer@tillgraph.test", name: "Carla Customer", role: "CUSTOMER" },
  { email: "customer2@tillgraph.test", name: "Conrad Customer", role: "CUSTOMER" },
  { email: "admin@tillgraph.test", name: "Ada Admin", role: "ADMIN" },
] as const;

export const LOGINS = people.map(({ email }) => email);

/**
 * Makes the demo accounts where there are no others: a shop with people of its own must not get an admin whose password
 * everyone knows. @returns whether all demo accounts are there
 */
export async function seedAccounts(platform: Platform): Promise<boolean> {
  const indexes = people.map(({ email }) => emailIndexOf(platform, email));
  const known = await platform.db.account.count({ where: { emailIndex: { in: indexes } } });
  if (known === people.length) return true;
  if ((await platform.db.account.count()) > known) return false;
  await Promise.all(
    people.map((person) => createAccount(platform, { ...person, password: PASSWORD, emailVerified: true })),
  );
  return true;
}
