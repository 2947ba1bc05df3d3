import type { Platform } from "../platform/context";
import { networkOf } from "../platform/throttle/caller";

type Hashing = Pick<Platform, "config" | "vault" | "services">;

/** What bcrypt writes: version, cost, 22 characters of salt, 31 of hash. */
const HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** Whose turn it is among those who wait, by address; null is the shop's own scripts. */
const callerAt = (ip: string | null) => (ip === null ? "the shop" : networkOf(ip));

/**
 * bcrypt of the peppered password at the configured cost. Takes long by design: never inside a transaction.
 * @param ip whose request asks for it, null for scripts: addresses take turns
 * @throws SERVICE_UNAVAILABLE when too many wait for theirs already
 */
export const hashPassword = ({ config, vault, services }: Hashing, password: string, ip: string | null) =>
  services.passwords.hash(callerAt(ip), vault.pepper(password), config.accounts.bcryptCost);

/** For whoever has other work to do before hashing: no use in beginning it. @throws SERVICE_UNAVAILABLE when too many wait already */
export const checkRoomToHash = ({ services }: Hashing, ip: string) =>
  services.passwords.checkRoom(callerAt(ip));

/**
 * Whether the password belongs to the stored hash. An account that is not there, has no password or a corrupt one (null) costs the same
 * work as a wrong password, so that time tells nothing. `ip` is whose request asks.
 * @throws SERVICE_UNAVAILABLE when too many wait for theirs already
 */
export async function checkPassword(
  { config, vault, services }: Hashing,
  password: string,
  stored: string | null,
  ip: string,
) {
  const real = stored !== null && HASH.test(stored);
  const matches = await services.passwords.compare(
    callerAt(ip),
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
