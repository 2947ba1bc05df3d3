import { askProvider, type PaymentProvider, type ProviderOutcome } from "../payments";
import { later } from "../platform/clock";
import type { Platform } from "../platform/context";
import { advanceOrder } from "./advance-order";
import { authorizationOf } from "./authorize-order";
import { type Attempt, HOLD_MS, LEASE_MS } from "./place-order";
import { tokenPlace } from "./place-order.rows";

type Stale = Attempt & {
  provider: string;
  amount: bigint;
  currency: string;
  createdAt: Date;
  tokenCipher: Uint8Array;
  keyId: string;
  wrapped: Uint8Array | null;
};

/** The buyer has gone and the provider never heard of it: nobody is charged any more. */
const givenUp: ProviderOutcome = {
  status: "FAILED",
  reference: null,
  captured: false,
  reason: "cancelled",
  method: null,
  nextAction: null,
};

/**
 * Takes an authorisation further whose asker died or heard nothing: asks the provider what became of its key, asks again with the
 * same key when it never arrived, and advances the order. Nothing when somebody else is at it, or was.
 */
export async function settleStaleOperation(platform: Platform, operationUuid: string): Promise<void> {
  const stale = await takeLease(platform, operationUuid);
  if (!stale) return;
  const provider = platform.services.providers.find(({ handle }) => handle === stale.provider);
  if (!provider) {
    platform.log.error({ operationUuid, provider: stale.provider }, "a payment provider is missing");
    return;
  }
  const outcome = await askProvider(
    platform.log,
    async () => (await provider.lookUp(stale.providerKey)) ?? askAgain(platform, provider, stale),
  );
  await advanceOrder(platform, stale, outcome);
}

/** One of all who try: the lease is taken over only once it has run out. */
async function takeLease({ db, clock }: Platform, operationUuid: string): Promise<Stale | undefined> {
  const now = clock.now();
  const [taken] = await db.$queryRaw<Stale[]>`
    UPDATE payment_operations op SET lease_until = ${later(now, LEASE_MS)}::timestamptz, updated_at = ${now}::timestamptz
    FROM payments p JOIN orders o ON o.id = p.order_id JOIN data_keys k ON k.id = o.data_key_id
    WHERE op.id = ${operationUuid}::uuid AND p.id = op.payment_id AND op.kind = 'AUTHORIZE'
      AND op.status IN ('PENDING', 'UNKNOWN') AND op.lease_until <= ${now}::timestamptz
    RETURNING op.id::text AS "operationUuid", p.id::text AS "paymentUuid", o.id::text AS "orderUuid", o.number::text AS "orderNumber",
      op.provider, op.idempotency_key AS "providerKey", op.amount, op.currency::text AS "currency", op.created_at AS "createdAt",
      p.token_cipher AS "tokenCipher", k.id::text AS "keyId", k.wrapped`;
  return taken;
}

/** Asks for what never reached the provider, as long as the buyer's stock is held and the token can be read. */
async function askAgain(
  platform: Platform,
  provider: PaymentProvider,
  stale: Stale,
): Promise<ProviderOutcome> {
  const { keyId, wrapped, paymentUuid, tokenCipher, amount, currency } = stale;
  const token = platform.vault.unseal({ id: keyId, wrapped }, tokenPlace(paymentUuid), tokenCipher);
  const inTime = platform.clock.now() < later(stale.createdAt, HOLD_MS);
  if (token === null || !inTime) return givenUp;
  return provider.authorize(authorizationOf(platform, stale, { token, amount, currency, returnUrl: null }));
}
