import { accountKey } from "../../src/accounts";
import { savePaymentMethod } from "../../src/payments";
import { transact } from "../../src/platform/database";
import { parseId, toId } from "../../src/platform/ids";
import type { TestApp } from "./app";
import { unique } from "./builders";
import type { Person } from "./person";

/** Saves a payment method for a person as a checkout does once it is paid. @returns its id */
export async function saveMethod(
  { platform }: TestApp,
  person: Person,
  provider = "sandbox",
): Promise<string> {
  const accountId = parseId("acct", person.accountId);
  return transact(platform.db, async (tx) => {
    const { id, wrapped } = await accountKey(platform, tx, accountId);
    const ask = { accountId, key: { id, wrapped }, provider, token: `card-${unique()}`, summary: null };
    await savePaymentMethod(tx, platform, platform.clock.now(), ask);
    const made = await tx.paymentMethod.findFirstOrThrow({ where: { accountId }, orderBy: { id: "desc" } });
    return toId("pm", made.id);
  });
}
