import { Prisma } from "../../generated/prisma/client";
import type { Db } from "../../platform/database";
import type { ProviderMovement } from "../provider";

const A_PAGE = 500;

/** The money that moved from one moment to another, the second left out, oldest first; read page by page. */
export async function* listMovements(db: Db, from: Date, to: Date): AsyncGenerator<ProviderMovement> {
  let after = Prisma.empty;
  for (;;) {
    const page = await db.$queryRaw<(ProviderMovement & { key: string })[]>`
      SELECT key, kind, reference, amount, currency::text, decided_at AS "at" FROM sandbox.movements
      WHERE state IN ('SUCCEEDED', 'LAPSED') AND decided_at >= ${from}::timestamptz AND decided_at < ${to}::timestamptz ${after}
      ORDER BY decided_at, key, kind LIMIT ${A_PAGE}::int`;
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < A_PAGE) return;
    after = Prisma.sql`AND (decided_at, key, kind) > (${last.at}::timestamptz, ${last.key}, ${last.kind})`;
  }
}
