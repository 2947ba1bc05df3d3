import { HOUR, MINUTE, SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { rateLimited } from "../platform/errors";
import { type Allowance, claim, forget, type Granted } from "../platform/throttle/allowances";
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
 * Counts a login before its password is looked at, and takes it back when that was right or nobody had time. Five that fail, from wherever, are
 * followed by a pause that doubles with each further one: twelve an hour at most. Where the account has been signed in from is counted on its
 * own, so that nobody shuts its owner out; everywhere else is also counted for all accounts together, by network and in all.
 * @param isRight looks at the password
 * @throws RATE_LIMITED, whether the password is right or not
 */
export async function countLogin(
  platform: Platform,
  attempt: Attempt,
  isRight: () => Promise<boolean>,
): Promise<boolean> {
  const { loginsInHand } = platform.services;
  const allowances = allowancesOf(platform, attempt);
  const own = allowances[0].of;
  for (;;) {
    const before = loginsInHand.of(own);
    const claimed = await claim(platform, platform.db, allowances);
    if (claimed.granted) return loginsInHand.add(own, look(claimed, isRight));
    // Others of this account that are being looked at may be right, as of many devices that sign in at once: then they don't count.
    if (!(await loginsInHand.ended([...before, ...loginsInHand.of(own)])))
      throw rateLimited("Too many logins have failed. Try again later.", claimed.retryInMs / SECOND);
  }
}

/** What a login is counted as, its own account first. */
function allowancesOf({ config }: Platform, { email, ip, knownAt }: Attempt): [Allowance, ...Allowance[]] {
  const { perNetwork, total } = config.limits.failedLogins;
  const from = networkOf(ip);
  const isKnown = knownAt.includes(from);
  const own: Allowance = {
    of: ofAccountAt(email, isKnown ? from : "elsewhere"),
    most: MOST_AT_ONCE,
    windowMs: HOUR,
    pauseMs: (beyond) => FIRST_PAUSE * 2 ** beyond,
  };
  if (isKnown) return [own];
  return [
    own,
    { of: `logins from ${widerNetworkOf(ip)}`, most: perNetwork, windowMs: 15 * MINUTE },
    { of: "logins", most: total, windowMs: 15 * MINUTE },
  ];
}

async function look(claimed: Granted, isRight: () => Promise<boolean>): Promise<boolean> {
  const right = await isRight().catch(async (error) => {
    await claimed.giveBack(); // nobody had time
    throw error;
  });
  if (right) await claimed.giveBack();
  return right;
}

/** Whoever has proven to be the owner by other means begins anew, where he is. */
export const forgetFailedLogins = (
  platform: Platform,
  tx: Tx,
  { email, ip }: { email: string; ip: string },
) => forget(platform, tx, [ofAccountAt(email, "elsewhere"), ofAccountAt(email, networkOf(ip))]);

const ofAccountAt = (email: string, where: string) => `logins ${email} ${where}`;
