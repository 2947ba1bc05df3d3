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
  const known = await platform.db.account.count({ where: demoPeople(platform) });
  if (known === people.length) return true;
  if ((await platform.db.account.count()) > known) return false;
  await Promise.all(
    people.map((person) => createAccount(platform, { ...person, password: PASSWORD, emailVerified: true })),
  );
  return true;
}

const demoPeople = (platform: Platform) => ({
  emailIndex: { in: people.map(({ email }) => emailIndexOf(platform, email)) },
});

/**
 * Production does not open with logins whose password everyone knows, such as those of a database that was a demo before.
 * @throws Error one line that says how to close them
 */
export async function refuseDemoLogins(platform: Platform) {
  const where = { ...demoPeople(platform), status: "ACTIVE" } as const;
  const open = await platform.db.account.findMany({ where, select: { id: true } });
  if (open.length === 0) return;
  const ids = open.map(({ id }) => `'${id}'`).join(", ");
  throw new Error(
    `The demo logins, whose password is public, are in this database: UPDATE accounts SET status = 'DISABLED' WHERE id IN (${ids})`,
  );
}
