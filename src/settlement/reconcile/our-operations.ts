import { Prisma } from "../../generated/prisma/client";
import type { PaymentOperationKind, PaymentOperationStatus } from "../../generated/prisma/enums";
import type { ProviderMovement } from "../../payments";
import { type Db, transact } from "../../platform/database";

/** An operation in our books. Minor units. */
export type OurOperation = {
  uuid: string;
  /** The key the provider was asked with; of an operation that came with another one's outcome, that one's */
  key: string;
  /** How it came, when it was not asked for itself: the part of its own key after that */
  cameAs: "" | "capture" | "late" | "released" | "lapsed";
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  amount: bigint;
  currency: string;
  reference: string | null;
  orderNumber: string;
  createdAt: Date;
};

/** What record-outcome.ts puts after a key for what came with its outcome. */
const CAME_AS: Exclude<OurOperation["cameAs"], "">[] = ["capture", "late", "released", "lapsed"];

const COLUMNS = Prisma.sql`op.id::text AS "uuid", split_part(op.idempotency_key, ':', 1) AS "key",
  CASE WHEN op.idempotency_key LIKE '%:%' THEN split_part(op.idempotency_key, ':', -1) ELSE '' END AS "cameAs", op.kind::text AS "kind", op.status::text AS "status", op.amount,
  op.currency::text AS "currency", op.provider_reference AS "reference", o.number::text AS "orderNumber", op.created_at AS "createdAt"`;

/** All that we have under the keys of a provider's movements, and where it names no key, under its reference. */
export function findOurs(db: Db, provider: string, movements: ProviderMovement[]): Promise<OurOperation[]> {
  const asked = movements.flatMap(({ key }) => (key === null ? [] : [key]));
  const keys = [...new Set(asked)].flatMap((key) =>
    ["", ":late"].flatMap((late) => [`${key}${late}`, ...CAME_AS.map((came) => `${key}${late}:${came}`)]),
  );
  const references = movements.flatMap(({ key, reference }) => (key === null ? [reference] : []));
  return db.$queryRaw<OurOperation[]>`
    SELECT ${COLUMNS} FROM payment_operations op JOIN orders o ON o.id = op.order_id
    WHERE op.provider = ${provider} AND op.idempotency_key = ANY(${keys})
    UNION
    SELECT ${COLUMNS} FROM payment_operations op JOIN orders o ON o.id = op.order_id
    WHERE op.provider = ${provider} AND op.kind = ANY(enum_range(NULL::payment_operation_kind)) AND op.status <> 'FAILED'
      AND op.provider_reference = ANY(${references})`;
}

/** As many as are held in memory at once, however many there are. */
const A_PAGE = 10_000;

/** What we have of a provider as done from one moment to another, the second left out, page by page; what moves no money is left out. */
export async function* listOurs(
  db: Db,
  provider: string,
  from: Date,
  to: Date,
): AsyncGenerator<OurOperation[]> {
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const page = await transact(db, async (tx) => {
      // A day is found best in another way than a year: this one plan has to know which it is.
      await tx.$executeRaw`SET LOCAL plan_cache_mode = force_custom_plan`;
      return tx.$queryRaw<OurOperation[]>`
        SELECT ${COLUMNS} FROM payment_operations op JOIN orders o ON o.id = op.order_id
        WHERE op.provider = ${provider} AND op.status = 'SUCCEEDED' AND op.amount > 0 AND op.id > ${after}::uuid
          AND op.created_at >= ${from}::timestamptz AND op.created_at < ${to}::timestamptz
        ORDER BY op.id LIMIT ${A_PAGE}::int`;
    });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < A_PAGE) return;
    after = last.uuid;
  }
}
