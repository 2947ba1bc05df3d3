import { Prisma } from "../../generated/prisma/client";
import type { PaymentOperationKind, PaymentOperationStatus } from "../../generated/prisma/enums";
import type { Asked, AuthorizeAsk, FollowUpAsk, LookUpAsk } from "../../payments";
import type { Platform } from "../../platform/context";
import { returnUrlPlace, tokenPlace } from "../place/payment-places";

/** An operation with everything its provider is asked with: read from what was stored, hence the same each time. Minor units. */
export type OperationToAsk = {
  uuid: string;
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  provider: string;
  /** What the provider was asked with; an operation that came with another one's outcome has that one's */
  key: string;
  amount: bigint;
  currency: string;
  createdAt: Date;
  /** The authorisation's; null while the provider hasn't told it */
  reference: string | null;
  /** Of a capture or void: nothing is left of the authorisation after it */
  final: boolean;
  paymentUuid: string;
  capture: boolean;
  save: boolean;
  orderNumber: string;
  customer: string | null;
  tokenCipher: Uint8Array;
  returnUrlCipher: Uint8Array | null;
  keyId: string;
  wrapped: Uint8Array | null;
};

/** SQL for the columns; op, p, o and k are the operation, its payment, order and data key. */
const COLUMNS = Prisma.sql`
  op.id::text AS "uuid", op.kind::text AS "kind", op.status::text AS "status", op.provider,
  split_part(op.idempotency_key, ':', 1) AS "key", op.amount, op.currency::text AS "currency", op.created_at AS "createdAt",
  CASE WHEN op.kind = 'AUTHORIZE' THEN op.provider_reference ELSE (SELECT a.provider_reference FROM payment_operations a
    WHERE a.payment_id = p.id AND a.kind = 'AUTHORIZE' AND a.status = 'SUCCEEDED') END AS "reference",
  p.authorized = p.captured + p.voided + p.capturing + p.voiding AS "final",
  p.id::text AS "paymentUuid", p.capture, p.save_method AS "save", o.number::text AS "orderNumber",
  (SELECT c.reference FROM provider_customers c WHERE c.account_id = o.account_id AND c.provider = op.provider) AS "customer",
  p.token_cipher AS "tokenCipher", p.return_url_cipher AS "returnUrlCipher", k.id::text AS "keyId", k.wrapped`;
const PARTS = Prisma.sql`payments p JOIN orders o ON o.id = p.order_id JOIN data_keys k ON k.id = o.data_key_id`;

/** The operation with this uuid as it is now. @throws when there is none */
export async function readOperation({ db }: Pick<Platform, "db">, uuid: string): Promise<OperationToAsk> {
  const [found] = await db.$queryRaw<OperationToAsk[]>`
    SELECT ${COLUMNS} FROM payment_operations op, ${PARTS} WHERE op.id = ${uuid}::uuid AND p.id = op.payment_id`;
  if (!found) throw new Error("No such payment operation");
  return found;
}

/**
 * Takes over an open operation whose lease is over; undefined when it isn't, or somebody else was quicker. The next lease is longer
 * the older it is: a provider that is silent for an hour isn't asked every half minute.
 */
export async function takeLease({ db, clock }: Platform, uuid: string): Promise<OperationToAsk | undefined> {
  const now = clock.now();
  const [taken] = await db.$queryRaw<OperationToAsk[]>`
    UPDATE payment_operations op SET updated_at = ${now}::timestamptz, lease_until = ${now}::timestamptz
      + least(greatest((${now}::timestamptz - op.created_at) / 2, interval '30 seconds'), interval '10 minutes')
    FROM ${PARTS}
    WHERE op.id = ${uuid}::uuid AND p.id = op.payment_id AND op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')
      AND op.lease_until <= ${now}::timestamptz
    RETURNING ${COLUMNS}`;
  return taken;
}

/** What the log says of a call about it. */
export const askedOf = ({ provider, kind, key }: OperationToAsk): Asked => ({ provider, call: kind, key });

export const lookUpOf = ({ key, kind, reference, amount, currency }: OperationToAsk): LookUpAsk => ({
  ...{ key, kind, reference, amount, currency },
});

/** What an authorisation is asked with; null when its person was erased meanwhile. */
export function authorizationOf(
  { vault }: Pick<Platform, "vault">,
  operation: OperationToAsk,
): AuthorizeAsk | null {
  const { key, amount, currency, capture, save, orderNumber, customer, paymentUuid } = operation;
  const dataKey = { id: operation.keyId, wrapped: operation.wrapped };
  const token = vault.unseal(dataKey, tokenPlace(paymentUuid), operation.tokenCipher);
  const returnUrl = vault.unseal(dataKey, returnUrlPlace(paymentUuid), operation.returnUrlCipher);
  return token === null
    ? null
    : { key, amount, currency, capture, save, orderNumber, customer, token, returnUrl };
}

/** What a capture, void or refund is asked with. */
export function followUpOf({ key, reference, amount, currency, final }: OperationToAsk): FollowUpAsk {
  if (reference === null) throw new Error("An authorisation without a reference cannot be followed up");
  return { key, reference, amount, currency, final };
}
