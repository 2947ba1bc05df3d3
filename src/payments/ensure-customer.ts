import type { Platform } from "../platform/context";
import { toId } from "../platform/ids";
import { withinLimit } from "./ask-provider";
import type { PaymentProvider } from "./provider";

/**
 * What the provider calls an account, made known to it now if it isn't yet; null where providers have no such names, and for a guest.
 * Asked again, it is the same. @returns undefined when the provider did not answer
 */
export async function ensureCustomer(
  platform: Platform,
  provider: PaymentProvider,
  accountId: string | null,
): Promise<string | null | undefined> {
  const create = provider.createCustomer;
  if (!create || accountId === null) return null;
  const where = { accountId_provider: { accountId, provider: provider.handle } };
  const known = await platform.db.providerCustomer.findUnique({ where });
  if (known) return known.reference;
  const [key, asked] = [toId("acct", accountId), { provider: provider.handle, call: "create a customer" }];
  const reference = await withinLimit(platform, asked, () => create.call(provider, key), null);
  if (reference === null) return undefined;
  const row = { accountId, provider: provider.handle, reference, createdAt: platform.clock.now() };
  await platform.db.providerCustomer.createMany({ data: [row], skipDuplicates: true });
  return reference;
}
