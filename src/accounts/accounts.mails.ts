import type { Platform } from "../platform/context";
import type { MailTemplate } from "../platform/mail";
import { accountKey } from "./account-key";
import { oneTimeToken } from "./one-time-token";

/** Carries the token that verifyEmail takes; nothing once it was used or has expired. Payload: oneTimeTokenId */
const verifyEmail: MailTemplate = async (platform, { oneTimeTokenId }) => {
  const found = await findToken(platform, oneTimeTokenId);
  if (!found) return null;
  const { name } = platform.config.shop;
  const lines = [
    `An account at ${name} was registered with this address. If it was you, please confirm that the address is yours.`,
    "If it was not you, don't use this code: ask for a new password instead, which signs whoever registered out.",
    "",
    ...code(platform, "verify-email", found),
  ];
  return {
    to: found.to,
    subject: `${name}: confirm your e-mail address`,
    text: `${lines.join("\n")}\n`,
  };
};

/** Carries the token that resetPassword takes; nothing once it was used or has expired, or when nobody has the address. Payload: oneTimeTokenId */
const resetPassword: MailTemplate = async (platform, { oneTimeTokenId }) => {
  const found = await findToken(platform, oneTimeTokenId);
  if (!found) return null;
  const { name } = platform.config.shop;
  const lines = [
    `Somebody asked for a new password at ${name} for this address.`,
    "If it was you, choose one with this code. If not: nothing has changed, and there is nothing to do.",
    "",
    ...code(platform, "reset-password", found),
    "All devices will be signed out.",
  ];
  return { to: found.to, subject: `${name}: choose a new password`, text: `${lines.join("\n")}\n` };
};

/** Payload: accountId */
const passwordChanged: MailTemplate = async (platform, { accountId }) => {
  const to = await addressOf(platform, accountId ?? "");
  if (!to) return null;
  const { name } = platform.config.shop;
  const lines = [
    `The password of your account at ${name} has been changed. Whoever was signed in elsewhere has been signed out.`,
    "If it was not you: ask for a new password. The code for it is sent to this address alone.",
  ];
  return { to, subject: `${name}: your password has been changed`, text: `${lines.join("\n\n")}\n` };
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

/** A token that still works, and whom to send it to. */
async function findToken(platform: Platform, oneTimeTokenId = "") {
  const { db, clock } = platform;
  const where = { id: oneTimeTokenId, usedAt: null, expiresAt: { gt: clock.now() } };
  const row = await db.oneTimeToken.findFirst({
    where,
    select: { id: true, accountId: true, expiresAt: true },
  });
  const to = row && (await addressOf(platform, row.accountId));
  return row && to ? { to, token: oneTimeToken(platform, row.id), expiresAt: row.expiresAt } : null;
}

function code(
  { config: { shop } }: Platform,
  page: string,
  { token, expiresAt }: { token: string; expiresAt: Date },
) {
  const link = shop.url === null ? [] : [`${shop.url}/${page}?token=${token}`, ""];
  const until = expiresAt.toISOString().slice(0, 16).replace("T", ", ");
  return [...link, `Your code: ${token}`, "", `It works once, until ${until} UTC.`];
}

const addressOf = async (platform: Platform, accountId: string) =>
  (await accountKey(platform, platform.db, accountId)).email;

export const accountsMails: Record<string, MailTemplate> = {
  "verify-email": verifyEmail,
  "address-taken": addressTaken,
  "reset-password": resetPassword,
  "password-changed": passwordChanged,
};
