import { randomBytes, randomUUID } from "node:crypto";
import { systemClock } from "./clock";
import { badInput } from "./errors";

/** Every prefix that names a type on the wire. */
export type IdPrefix =
  | "acct"
  | "addr"
  | "sess"
  | "prod"
  | "var"
  | "coll"
  | "cart"
  | "line"
  | "order"
  | "oline"
  | "pay"
  | "payop"
  | "pm"
  | "pevt"
  | "ltx";

/** Of the time of the last id, in milliseconds and as 12 hexadecimal digits, and how many ids it has had since where its counting began. */
let [last, time, count] = [0, "", 0];
/** Random hexadecimal digits, drawn for hundreds of ids at once. */
let [random, drawn] = ["", 0];

function draw(digits: number): string {
  if (drawn + digits > random.length) [random, drawn] = [randomBytes(4_096).toString("hex"), 0];
  drawn += digits;
  return random.slice(drawn - digits, drawn);
}

/**
 * A new UUIDv7 (RFC 9562): rising with time, and within a millisecond of this process by a count in its 12 bits, which begins anywhere in their
 * lower half. For primary keys; not a secret. An order takes twenty: this takes a tenth of a package's time.
 */
export function newId(): string {
  const now = Math.max(systemClock.now().getTime(), last); // the machine's, which no test moves: ids rise
  const next = now > last ? Number.parseInt(draw(3), 16) >> 1 : count + 1;
  const full = next > 0xfff; // the next millisecond's, then
  if (full || now > last) {
    last = full ? now + 1 : now;
    time = last.toString(16).padStart(12, "0");
  }
  count = full ? 0 : next;
  const counted = count.toString(16).padStart(3, "0");
  const variant = "89ab"[Number.parseInt(draw(1), 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counted}-${variant}${draw(3)}-${draw(12)}`;
}

/** A new random UUIDv4, for ids that are keys (a guest's cart). */
export const newSecretId = () => randomUUID();

/** Crockford's base 32, in lower case; and all pairs of its digits, by their ten bits. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const PAIRS = Array.from({ length: 1_024 }, (_, bits) => `${DIGITS[bits >> 5]}${DIGITS[bits & 31]}`);
/** What a hexadecimal digit is worth, by its character code. */
const WORTH = new Uint8Array(128);
for (const digit of "0123456789abcdef") WORTH[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/**
 * The wire form of a stored uuid, e.g. order_01j9…: a TypeID (github.com/jetify-com/typeid, spec 0.3.0). A page of products has a hundred of
 * them: this takes a tenth of the package's time. `uuid` is as PostgreSQL writes it, in lower case with hyphens.
 */
export function toId(prefix: IdPrefix, uuid: string): string {
  let id = `${prefix}_`;
  let [bits, count] = [0, 2]; // 130 bits in 26 digits: two zeros come first
  for (let at = 0; at < uuid.length; at++) {
    const code = uuid.charCodeAt(at);
    if (code === HYPHEN) continue;
    bits = (bits << 4) | (WORTH[code] as number);
    count += 4;
    if (count < 10) continue;
    count -= 10;
    id += PAIRS[bits >> count];
    bits &= (1 << count) - 1;
  }
  return id;
}

const HYPHEN = 45;

/** The stored uuid of a wire id, or null when it is malformed or names another type. No look-up happens. */
export function readId(prefix: IdPrefix, id: string): string | null {
  const from = prefix.length + 1;
  if (id.length !== from + 26 || !id.startsWith(prefix) || id.charCodeAt(prefix.length) !== UNDERSCORE)
    return null;
  if (id.charCodeAt(from) > SEVEN) return null; // more than 128 bits
  let hex = "";
  let [bits, count] = [0, -2];
  for (let at = from; at < id.length; at++) {
    const value = VALUES[id.charCodeAt(at)];
    if (value === undefined) return null;
    bits = (bits << 5) | value;
    for (count += 5; count >= 4; bits &= (1 << count) - 1) {
      count -= 4;
      hex += HEX[bits >> count];
    }
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const [UNDERSCORE, SEVEN] = [95, 55];
const HEX = "0123456789abcdef";
/** What a digit of base 32 is worth, by its character code. */
const VALUES: (number | undefined)[] = [];
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/** As readId, for queries: BAD_USER_INPUT naming the argument. */
export function parseId(prefix: IdPrefix, id: string, argument = "id"): string {
  return readId(prefix, id) ?? badInput(argument, `Not a valid ${prefix}_… id.`);
}

/** The prefix of a well-formed wire id of any type, or null. */
export const prefixOf = (id: string) => /^([a-z]{2,5})_[0-9a-z]{26}$/.exec(id)?.[1] ?? null;
