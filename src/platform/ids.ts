import { randomUUID } from "node:crypto";
import { TypeID, typeid } from "typeid-js";
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

/** A new UUIDv7: rising with time, for primary keys. Not a secret. */
export const newId = () => typeid().toUUID();

/** A new random UUIDv4, for ids that are keys (a guest's cart). */
export const newSecretId = () => randomUUID();

/** The wire form of a stored uuid, e.g. order_01j9…. */
export const toId = (prefix: IdPrefix, uuid: string) => TypeID.fromUUID(prefix, uuid).toString();

/** The stored uuid of a wire id, or null when it is malformed or names another type. No look-up happens. */
export function readId(prefix: IdPrefix, id: string): string | null {
  try {
    return TypeID.fromString(id, prefix).toUUID();
  } catch {
    return null; // typeid-js throws on anything that is not such an id
  }
}

/** As readId, for queries: BAD_USER_INPUT naming the argument. */
export function parseId(prefix: IdPrefix, id: string, argument = "id"): string {
  return readId(prefix, id) ?? badInput(argument, `Not a valid ${prefix}_… id.`);
}

/** The prefix of a well-formed wire id of any type, or null. */
export const prefixOf = (id: string) => /^([a-z]{2,5})_[0-9a-z]{26}$/.exec(id)?.[1] ?? null;
