import { Prisma } from "../generated/prisma/client";
import type { LedgerAccountType } from "../generated/prisma/enums";
import type { Platform } from "../platform/context";
import { money } from "../platform/types";

/** Minor units. */
type Sums = { currency: string; account: LedgerAccountType; debit: bigint; credit: bigint };

/**
 * The accounts of a currency, or of each that was ever booked, with the sums of their debits and credits; of what was booked until `at`,
 * or of everything. Reads every entry once: the database adds them up.
 */
export async function readTrialBalance(
  { db, clock }: Pick<Platform, "db" | "clock">,
  currency: string | null,
  at: Date | null,
) {
  const sums = await db.$queryRaw<Sums[]>`
    SELECT a.currency::text AS "currency", a.type::text AS "account", coalesce(sums.debit, 0)::bigint AS "debit",
      coalesce(sums.credit, 0)::bigint AS "credit"
    FROM ledger_accounts a LEFT JOIN (${sumsUntil(currency, at)}) sums
      ON sums.account_type = a.type AND sums.currency = a.currency
    WHERE ${currency}::text IS NULL OR a.currency = ${currency}
    ORDER BY a.currency, a.type`;
  const currencies = [...new Set(sums.map((line) => line.currency))];
  return currencies.map((code) =>
    toBalance(
      code,
      at ?? clock.now(),
      sums.filter((line) => line.currency === code),
    ),
  );
}

const sumsUntil = (currency: string | null, at: Date | null) => Prisma.sql`
  SELECT e.account_type, e.currency, sum(e.amount) FILTER (WHERE e.amount > 0) AS debit, -sum(e.amount) FILTER (WHERE e.amount < 0) AS credit
  FROM ledger_entries e ${at === null ? Prisma.empty : Prisma.sql`JOIN ledger_transactions t ON t.id = e.transaction_id`}
  WHERE ${currency === null ? Prisma.sql`true` : Prisma.sql`e.currency = ${currency}`}
    AND ${at === null ? Prisma.sql`true` : Prisma.sql`t.created_at <= ${at}::timestamptz`}
  GROUP BY e.account_type, e.currency`;

function toBalance(currency: string, at: Date, sums: Sums[]) {
  const total = (of: (line: Sums) => bigint) =>
    money(
      sums.reduce((sum, line) => sum + of(line), 0n),
      currency,
    );
  return {
    currency,
    at,
    accounts: sums.map(({ account, debit, credit }) => ({
      account,
      debit: money(debit, currency),
      credit: money(credit, currency),
      balance: money(debit - credit, currency),
    })),
    debit: total(({ debit }) => debit),
    credit: total(({ credit }) => credit),
  };
}
