import { HOUR, MINUTE, SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import { rateLimited } from "../platform/errors";
import { type Allowance, claim } from "../platform/throttle/allowances";
import { networkOf, prefixOf } from "../platform/throttle/caller";

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
  const ofAccount: Allowance = {
    of: `logins ${email} ${isKnown ? from : "elsewhere"}`,
    most: MOST_AT_ONCE,
    windowMs: HOUR,
    pauseMs: (beyond) => FIRST_PAUSE * 2 ** beyond,
  };
  const ofAll: Allowance[] = [
    { of: `logins from ${prefixOf(ip)}`, most: perNetwork, windowMs: 15 * MINUTE },
    { of: "logins", most: total, windowMs: 15 * MINUTE },
  ];
  const claimed = await claim(platform, platform.db, isKnown ? [ofAccount] : [ofAccount, ...ofAll]);
  if (!claimed.granted)
    throw rateLimited("Too many logins have failed. Try again later.", claimed.retryInMs / SECOND);
  return claimed;
}
