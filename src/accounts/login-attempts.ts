import { HOUR, MINUTE, SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { rateLimited } from "../platform/errors";
import { type Allowance, claim, forget, type Granted } from "../platform/throttle/allowances";
import { networkOf, widerNetworkOf } from "../platform/throttle/caller";

/** As many wrong passwords as somebody tries who has forgotten which of his own it was. */
const MOST_AT_ONCE = 5;
const FIRST_PAUSE = 15 * SECOND;
/** From whichever networks: that an account is known at many is no reason for as many guesses. */
const MOST_AN_HOUR = 50;
/** For the counts of all accounts together. */
const WINDOW = 15 * MINUTE;

export type Attempt = {
  /** Normalised; whether it has an account or not */
  email: string;
  ip: string;
  /** Whether the account's owner was signed in from there (known-networks.ts) */
  isKnown: boolean;
};

/**
 * Counts a login before its password is looked at, and takes it back when that was right or nobody had time. Five that fail, from wherever, are
 * followed by a pause that doubles with each further one: twelve in an hour's window. Where the account is known is counted on its own, so that
 * nobody elsewhere shuts its owner out. All accounts together are counted, too: by network, and in all where they are not known.
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
  const own = ofAccountAt(attempt.email, "anywhere");
  for (;;) {
    const before = loginsInHand.of(own);
    const claimed = await claim(platform, platform.db, allowances);
    if (claimed.granted) return loginsInHand.add(own, look(claimed, isRight));
    // Others of this account that are being looked at may be right, as of many devices that sign in at once: then they don't count.
    if (!(await loginsInHand.ended(own, [...before, ...loginsInHand.of(own)])))
      throw rateLimited("Too many logins have failed. Try again later.", claimed.retryInMs / SECOND);
  }
}

/** What a login is counted as. */
function allowancesOf({ config }: Platform, { email, ip, isKnown }: Attempt): Allowance[] {
  const { perNetwork, total } = config.limits.failedLogins;
  const pauseMs = (beyond: number) => FIRST_PAUSE * 2 ** beyond;
  const own: Allowance[] = [
    {
      of: ofAccountAt(email, isKnown ? networkOf(ip) : "elsewhere"),
      most: MOST_AT_ONCE,
      windowMs: HOUR,
      pauseMs,
    },
    { of: ofAccountAt(email, "anywhere"), most: MOST_AN_HOUR, windowMs: HOUR },
  ];
  const from = widerNetworkOf(ip);
  if (isKnown)
    return [...own, { of: `logins where they are known from ${from}`, most: perNetwork, windowMs: WINDOW }];
  return [
    ...own,
    { of: `logins from ${from}`, most: perNetwork, windowMs: WINDOW },
    { of: "logins", most: total, windowMs: WINDOW },
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
) =>
  forget(
    platform,
    tx,
    ["elsewhere", "anywhere", networkOf(ip)].map((where) => ofAccountAt(email, where)),
  );

const ofAccountAt = (email: string, where: string) => `logins ${email} ${where}`;
