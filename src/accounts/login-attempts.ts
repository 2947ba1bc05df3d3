import { HOUR, MINUTE, SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { rateLimited } from "../platform/errors";
import { type Allowance, claim, forget } from "../platform/throttle/allowances";
import { networkOf, widerNetworkOf } from "../platform/throttle/caller";

/** As many wrong passwords as somebody tries who has forgotten which of his own it was. */
const MOST_AT_ONCE = 5;
const FIRST_PAUSE = 15 * SECOND;

export type Attempt = {
  /** Normalised; whether it has an account or not */
  email: string;
  ip: string;
  /** Where devices of the account have signed in, as networkOf says it */
  knownAt: string[];
};

/**
 * Counts a login before its password is looked at. Five that fail, from wherever, are followed by a pause that doubles with each further one:
 * twelve an hour at most. Where the account has been signed in from is counted on its own, so that nobody shuts its owner out; everywhere else
 * is also counted for all accounts together, by network and in all.
 * @returns what takes it back, for one that didn't fail
 * @throws RATE_LIMITED, whether the password is right or not
 */
export async function claimLogin(platform: Platform, { email, ip, knownAt }: Attempt) {
  const { perNetwork, total } = platform.config.limits.failedLogins;
  const from = networkOf(ip);
  const isKnown = knownAt.includes(from);
  const own: Allowance = {
    of: ofAccountAt(email, isKnown ? from : "elsewhere"),
    most: MOST_AT_ONCE,
    windowMs: HOUR,
    pauseMs: (beyond) => FIRST_PAUSE * 2 ** beyond,
  };
  const ofAll: Allowance[] = [
    { of: `logins from ${widerNetworkOf(ip)}`, most: perNetwork, windowMs: 15 * MINUTE },
    { of: "logins", most: total, windowMs: 15 * MINUTE },
  ];
  const claimed = await claim(platform, platform.db, isKnown ? [own] : [own, ...ofAll]);
  if (!claimed.granted)
    throw rateLimited("Too many logins have failed. Try again later.", claimed.retryInMs / SECOND);
  return claimed;
}

/** Whoever has proven to be the owner by other means begins anew, where he is. */
export const forgetFailedLogins = (
  platform: Platform,
  tx: Tx,
  { email, ip }: { email: string; ip: string },
) => forget(platform, tx, [ofAccountAt(email, "elsewhere"), ofAccountAt(email, networkOf(ip))]);

const ofAccountAt = (email: string, where: string) => `logins ${email} ${where}`;
