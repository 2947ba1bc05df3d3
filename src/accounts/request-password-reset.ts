import { HOUR, MINUTE, SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { readEmail } from "../platform/email";
import { rateLimited } from "../platform/errors";
import { enqueue } from "../platform/outbox";
import { claim } from "../platform/throttle/allowances";
import { widerNetworkOf } from "../platform/throttle/caller";
import { refuse } from "./accounts.refusals";
import { issueOneTimeToken } from "./one-time-token";

/** How long the code in the mail works. */
const RESET_WITHIN = 30 * MINUTE;
/** To one address; then one each time that a code's life is over, so that there is always one that works or can be had, whoever asks for them. Further requests are accepted, and nothing is sent. */
const MOST_MAILS_AT_ONCE = 2;
/** From one network, for whichever addresses: an office's worth of people who have forgotten theirs. */
const MOST_FROM_ONE_NETWORK = 30;

/**
 * Mails a code that resetPassword takes. Whether there is such an account is told by the mail alone: what is done is the same.
 * @throws EMAIL_INVALID at ["email"]; RATE_LIMITED after too many from one network
 */
export async function requestPasswordReset(platform: Platform, ask: { email: string; ip: string }) {
  const email = readEmail(ask.email);
  if (!email) throw refuse("EMAIL_INVALID", "email");
  const from = {
    of: `password resets from ${widerNetworkOf(ask.ip)}`,
    most: MOST_FROM_ONE_NETWORK,
    windowMs: 15 * MINUTE,
  };
  const asked = await claim(platform, platform.db, [from]);
  if (!asked.granted)
    throw rateLimited("Too many passwords are being reset. Try again later.", asked.retryInMs / SECOND);
  const to = {
    ...{ of: `password resets of ${email}`, most: MOST_MAILS_AT_ONCE, windowMs: HOUR },
    pauseMs: () => RESET_WITHIN,
  };
  await transact(platform.db, async (tx) => {
    if (!(await claim(platform, tx, [to])).granted) return;
    const oneTimeTokenId = await issueOneTimeToken(platform, tx, {
      ...{ email, kind: "RESET_PASSWORD", lifetime: RESET_WITHIN },
    });
    await enqueue(tx, "sendMail", { template: "reset-password", oneTimeTokenId }); // to nobody, when nobody has the address
  });
  return { accepted: true };
}
