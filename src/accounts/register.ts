import { DAY, HOUR } from "../platform/clock";
import type { Platform } from "../platform/context";
import { type Tx, transact } from "../platform/database";
import { readEmail } from "../platform/email";
import { emit, enqueue } from "../platform/outbox";
import { claim } from "../platform/throttle/allowances";
import { refuse } from "./accounts.refusals";
import { emailIndexOf, insertAccount, type NewAccount } from "./create-account";
import { issueOneTimeToken } from "./one-time-token";
import { hashPassword } from "./password-hash";
import { checkNewPassword } from "./password-policy";
import { readName } from "./read-name";

/** How long the link in the verification mail works. */
const VERIFY_WITHIN = 2 * DAY;
/** To the owner of an address that others register with. */
const MOST_MAILS_AN_HOUR = 3;

export type Registration = { email: string; password: string; name?: string | null };

/**
 * Registers a customer, who can log in at once and is sent a verification mail. A taken address gets the same answer after the same work;
 * its owner is told by mail.
 * @throws EMAIL_INVALID, NAME_INVALID, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_COMMON
 */
export async function register(platform: Platform, ask: Registration & { ip: string }) {
  const email = readEmail(ask.email);
  if (!email) throw refuse("EMAIL_INVALID", "email");
  const name = readName(ask.name);
  checkNewPassword(platform.config, ask.password, email);
  const passwordHash = await hashPassword(platform, ask.password, ask.ip);

  await transact(platform.db, async (tx) => {
    const emailIndex = emailIndexOf(platform, email);
    const taken = await tx.account.findUnique({ where: { emailIndex }, select: { id: true } });
    if (taken) await tellOwner(platform, tx, taken.id);
    else await welcome(platform, tx, { email, name, role: "CUSTOMER", emailVerified: false, passwordHash });
  });
  return { accepted: true };
}

/** One mail for any number of attempts while it waits to be sent, and few an hour. */
async function tellOwner(platform: Platform, tx: Tx, accountId: string) {
  const allowance = { of: `address-taken ${accountId}`, most: MOST_MAILS_AN_HOUR, windowMs: HOUR };
  const { granted } = await claim(platform, tx, [allowance]);
  if (!granted) return;
  await enqueue(
    tx,
    "sendMail",
    { template: "address-taken", accountId },
    { jobKey: `address-taken:${accountId}` },
  );
}

async function welcome(platform: Platform, tx: Tx, account: NewAccount & { passwordHash: string }) {
  const accountId = await insertAccount(platform, tx, account);
  const ask = { email: account.email, kind: "VERIFY_EMAIL", lifetime: VERIFY_WITHIN } as const;
  const oneTimeTokenId = await issueOneTimeToken(platform, tx, ask);
  await emit(tx, platform.clock.now(), {
    type: "account.registered",
    subjectType: "account",
    subjectId: accountId,
  });
  await enqueue(tx, "sendMail", { template: "verify-email", oneTimeTokenId });
}
