import type { Config } from "../platform/config";
import { Refusal } from "../platform/refusal";
import { refuse } from "./accounts.refusals";
import list from "./common-passwords.json";

/** Bytes of UTF-8; longer ones are refused before any work on them. */
export const MOST_PASSWORD_BYTES = 1_024;
/** A password that is little more than a context word says nothing new. */
const FEWEST_OTHER_LETTERS = 4;

const common = new Set(list.passwords.split(" "));

/**
 * Refuses a new password that is too short (code points), too long (bytes), widely used, or made of the shop's name or the e-mail
 * address. No rules on kinds of characters (NIST SP 800-63B).
 * @throws PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_COMMON at `path`
 */
export function checkNewPassword(
  { accounts, shop }: Config,
  password: string,
  email: string,
  path = "password",
) {
  if (Buffer.byteLength(password, "utf8") > MOST_PASSWORD_BYTES) throw refuse("PASSWORD_TOO_LONG", path);
  const least = accounts.passwordMinLength;
  if ([...password.normalize("NFKC")].length < least)
    throw new Refusal("PASSWORD_TOO_SHORT", `Use at least ${least} characters.`, [path]);
  if (isCommon(password) || isMadeOf([...words(shop.name), ...words(email)], password))
    throw refuse("PASSWORD_TOO_COMMON", path);
}

/** On the list as it is, or with digits and signs around it. */
function isCommon(password: string) {
  const plain = password.normalize("NFKC").toLowerCase();
  const core = plain.replace(/^[^\p{L}]+/u, "").replace(/[^\p{L}]+$/u, "");
  return common.has(plain) || common.has(core);
}

/** A shop's name or an e-mail address, and the words it consists of; the shortest are too common to mean anything. */
function words(text: string) {
  const plain = text.normalize("NFKC").toLowerCase();
  const parts = [plain.replace(/[^\p{L}\p{N}]/gu, ""), ...plain.split(/[^\p{L}\p{N}]+/u), plain];
  return parts.filter((word) => word.length >= 4).sort((a, b) => b.length - a.length);
}

function isMadeOf(context: string[], password: string) {
  const plain = password.normalize("NFKC").toLowerCase();
  const rest = context.reduce((left, word) => left.replaceAll(word, ""), plain);
  return rest !== plain && rest.replace(/[^\p{L}]/gu, "").length < FEWEST_OTHER_LETTERS;
}
