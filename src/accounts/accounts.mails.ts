import type { Platform } from "../platform/context";
import type { MailTemplate } from "../platform/mail";
import { accountKey } from "./account-key";
import { oneTimeToken } from "./one-time-token";

/** Carries the token that verifyEmail takes; nothing once it was used or has expired. Payload: oneTimeTokenId */
const verifyEmail: MailTemplate = async (platform, { oneTimeTokenId }) => {
  const { db, clock, config } = platform;
  const where = { id: oneTimeTokenId ?? "", usedAt: null, expiresAt: { gt: clock.now() } };
  const row = await db.oneTimeToken.findFirst({ where, select: { id: true, accountId: true } });
  const to = row && (await addressOf(platform, row.accountId));
  if (!row || !to) return null;
  const token = oneTimeToken(platform, row.id);
  const link = config.shop.url === null ? [] : [`${config.shop.url}/verify-email?token=${token}`, ""];
  const lines = [
    "Please confirm that this address is yours.",
    "",
    ...link,
    `Your code: ${token}`,
    "",
    "It works for two days.",
  ];
  return { to, subject: `${config.shop.name}: confirm your e-mail address`, text: `${lines.join("\n")}\n` };
};

/** Somebody registered with an address that has an account. Payload: accountId */
const addressTaken: MailTemplate = async (platform, { accountId }) => {
  const to = await addressOf(platform, accountId ?? "");
  if (!to) return null;
  const { name } = platform.config.shop;
  const lines = [
    `Somebody tried to register at ${name} with this address, which has an account already.`,
    "If it was you: just log in. If not: nothing has changed, and there is nothing to do.",
  ];
  return { to, subject: `${name}: you already have an account`, text: `${lines.join("\n\n")}\n` };
};

const addressOf = async (platform: Platform, accountId: string) =>
  (await accountKey(platform, platform.db, accountId)).email;

export const accountsMails: Record<string, MailTemplate> = {
  "verify-email": verifyEmail,
  "address-taken": addressTaken,
};
