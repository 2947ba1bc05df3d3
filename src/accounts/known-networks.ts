import { DAY, HOUR, later } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import type { Sweep } from "../platform/jobs";
import { networkOf } from "../platform/throttle/caller";

/** As long as a session lasts at most. */
const REMEMBERED = 90 * DAY;

/** How the network of an address is stored with an account, and looked up. */
export const networkIndexOf = ({ vault }: Pick<Platform, "vault">, ip: string) =>
  vault.blindIndex("network", networkOf(ip));

/** Notes that the account's owner is here: guesses from elsewhere don't keep him out (login-attempts.ts). */
export async function knowNetwork(platform: Platform, tx: Tx, accountId: string, ip: string) {
  if (networkOf(ip) === "unknown") return; // anybody may be there
  const network = networkIndexOf(platform, ip);
  await tx.$executeRaw`
    INSERT INTO known_networks (account_id, network, last_at) VALUES (${accountId}::uuid, ${network}::bytea, ${platform.clock.now()}::timestamptz)
    ON CONFLICT (account_id, network) DO UPDATE SET last_at = excluded.last_at`;
}

/** Wherever the account was used: it may not have been its owner. */
export async function forgetNetworks(tx: Tx, accountId: string) {
  await tx.knownNetwork.deleteMany({ where: { accountId } });
}

export const forgetOldNetworks: Sweep = {
  name: "forgetOldNetworks",
  everyMs: HOUR,
  async run({ clock, db }) {
    await db.knownNetwork.deleteMany({ where: { lastAt: { lt: later(clock.now(), -REMEMBERED) } } });
  },
};
