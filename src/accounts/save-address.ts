import { readAddress } from "../platform/address";
import type { Platform } from "../platform/context";
import { type Sql, type Tx, transact } from "../platform/database";
import { newId, readId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { accountKey } from "./account-key";
import { refuse } from "./accounts.refusals";
import { addressPlace } from "./address.rows";
import type { AddressInput } from "./address.types";
import { lockAddresses } from "./lock-addresses";

const MOST_ADDRESSES = 50;

export type AddressToSave = { id?: string | null; address: AddressInput; isDefault?: boolean | null };

/**
 * Adds an address to an account, or replaces the one with this wire id. The first is the default one; `isDefault` makes this one it, and
 * without it the default stays where it is. @returns its uuid
 * @throws ADDRESS_INVALID at ["address", field], NOT_FOUND at ["id"] for a foreign one too, TOO_MANY_ADDRESSES past 50
 */
export function saveAddress(
  platform: Platform,
  sql: Sql,
  accountId: string,
  ask: AddressToSave,
): Promise<string> {
  const known = ask.id == null ? null : readId("addr", ask.id);
  if (ask.id != null && known === null) throw refuse("NOT_FOUND", "id");
  const read = readAddress(ask.address);
  if ("wrong" in read) throw refuse("ADDRESS_INVALID", "address", read.wrong);

  return transact(sql, async (tx) => {
    const mine = await lockAddresses(tx, accountId);
    if (known !== null && !mine.some(({ id }) => id === known)) throw refuse("NOT_FOUND", "id");
    if (known === null && mine.length >= MOST_ADDRESSES) throw refuse("TOO_MANY_ADDRESSES", "address");

    const now = platform.clock.now();
    const id = known ?? newId();
    const key = await accountKey(platform, tx, accountId);
    const addressCipher = platform.vault.seal(key, addressPlace(id), JSON.stringify(read.address));
    const isDefault = ask.isDefault === true || !mine.some((one) => one.isDefault && one.id !== id);
    if (isDefault)
      await tx.address.updateMany({ where: { accountId, isDefault: true }, data: { isDefault: false } });
    await write(tx, { id, accountId, addressCipher, isDefault, updatedAt: now }, known === null);
    await emit(tx, now, {
      type: "account.address_saved",
      subjectType: "account",
      subjectId: accountId,
      data: { addressId: id },
    });
    return id;
  });
}

type Row = {
  id: string;
  accountId: string;
  addressCipher: Uint8Array<ArrayBuffer>;
  isDefault: boolean;
  updatedAt: Date;
};

const write = (tx: Tx, row: Row, isNew: boolean) =>
  isNew
    ? tx.address.create({ data: { ...row, createdAt: row.updatedAt } })
    : tx.address.update({ where: { id: row.id }, data: row });
