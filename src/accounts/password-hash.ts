import type { Platform } from "../platform/context";

type Hashing = Pick<Platform, "config" | "vault" | "services">;

/** What bcrypt writes: version, cost, 22 characters of salt, 31 of hash. */
const HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/**
 * bcrypt of the peppered password at the configured cost. Takes long by design: never inside a transaction.
 * @throws SERVICE_UNAVAILABLE when too many wait for theirs already
 */
export const hashPassword = ({ config, vault, services }: Hashing, password: string) =>
  services.passwords.hash(vault.pepper(password), config.accounts.bcryptCost);

/**
 * Whether the password belongs to the stored hash. An account that is not there, has no password or a corrupt one (null) costs the same
 * work as a wrong password, so that time tells nothing.
 * @throws SERVICE_UNAVAILABLE when too many wait for theirs already
 */
export async function checkPassword(
  { config, vault, services }: Hashing,
  password: string,
  stored: string | null,
) {
  const real = stored !== null && HASH.test(stored);
  const matches = await services.passwords.compare(
    vault.pepper(password),
    real ? stored : nobodysHash(config.accounts.bcryptCost),
  );
  return real && matches;
}

/** Whether a stored hash was made at another cost than today's: hash again while the password is at hand. */
export const isOutdated = ({ config }: Hashing, stored: string) =>
  Number(HASH.exec(stored)?.[1]) !== config.accounts.bcryptCost;

/** A well-formed hash of the given cost that no password is known for. */
const nobodysHash = (cost: number) => `$2b$${cost}$abcdefghijklmnopqrstuuZ5YbGfN1xVq0JpK7rWm3cTdHs8LeQ2a`;
