import { type AddressInput, loadOwnAddress } from "../../accounts";
import { type PostalAddressData, readAddress } from "../../platform/address";
import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { readEmail } from "../../platform/email";
import { readId } from "../../platform/ids";
import { isPlainText } from "../../platform/text";
import { refuseCart } from "./cart.refusals";

/** What updateCart may change: left out stays, null removes. */
export type CartChangeInput = {
  email?: string | null;
  shippingAddress?: AddressInput | null;
  billingAddress?: AddressInput | null;
  shippingAddressId?: string | null;
  deliveryHandle?: string | null;
};
/** The same, read and checked as far as the input alone can tell. */
export type CartChanges = {
  email?: string | null;
  shipping?: PostalAddressData | null;
  billing?: PostalAddressData | null;
  deliveryHandle?: string | null;
};

/** Whether there is anything in it to be sealed. */
export const hasPersonalData = ({ email, shipping, billing }: CartChanges) =>
  Boolean(email || shipping || billing);

/** Far longer than any handle of ours. */
const LONGEST_HANDLE = 200;

/** @throws EMAIL_INVALID, ADDRESS_INVALID (also for an address that isn't the caller's), DELIVERY_NOT_AVAILABLE for what is no handle */
export async function readCartChanges(ctx: Context, sql: Sql, input: CartChangeInput): Promise<CartChanges> {
  const { email, deliveryHandle, billingAddress, shippingAddressId } = input;
  const changes: CartChanges = {};
  if (email !== undefined) changes.email = email === null ? null : emailOf(email);
  if (billingAddress !== undefined) changes.billing = addressOf(billingAddress, "billingAddress");
  if (input.shippingAddress !== undefined)
    changes.shipping = addressOf(input.shippingAddress, "shippingAddress");
  if (shippingAddressId != null) {
    if (changes.shipping) throw refuseCart("ADDRESS_INVALID", "shippingAddressId"); // which of the two is meant?
    changes.shipping = await savedAddress(ctx, sql, shippingAddressId);
  }
  if (deliveryHandle !== undefined) {
    if (deliveryHandle !== null && !isPlainText(deliveryHandle, LONGEST_HANDLE))
      throw refuseCart("DELIVERY_NOT_AVAILABLE", "deliveryHandle");
    changes.deliveryHandle = deliveryHandle;
  }
  return changes;
}

function emailOf(text: string) {
  const email = readEmail(text);
  if (email === null) throw refuseCart("EMAIL_INVALID", "email");
  return email;
}

function addressOf(given: AddressInput | null, field: "shippingAddress" | "billingAddress") {
  if (given === null) return null;
  const read = readAddress(given);
  if ("wrong" in read) throw refuseCart("ADDRESS_INVALID", field, read.wrong);
  return read.address;
}

async function savedAddress(ctx: Context, sql: Sql, id: string) {
  const uuid = readId("addr", id);
  const address = ctx.viewer && uuid && (await loadOwnAddress(ctx, sql, ctx.viewer.accountId, uuid));
  if (!address) throw refuseCart("ADDRESS_INVALID", "shippingAddressId");
  return address;
}
