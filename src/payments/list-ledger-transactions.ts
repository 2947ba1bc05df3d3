import { Prisma } from "../generated/prisma/client";
import type { LedgerAccountType } from "../generated/prisma/enums";
import { type Page, type PageArgs, pageRows, readPage, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import { parseId } from "../platform/ids";
import { findTransactions, type LedgerTransactionNode } from "./ledger-transaction.rows";

export type LedgerFilter = {
  orderId?: string | null;
  /** Transactions with an entry on it */
  account?: LedgerAccountType | null;
  currency?: string | null;
};

/** The books' transactions that match, newest first, one page of them. @throws BAD_USER_INPUT for a page, cursor or id that is none */
export async function listLedgerTransactions(ctx: Context, args: PageArgs, filter: LedgerFilter) {
  const page = readPage(args, ["string"]);
  const [before] = page.cursor ?? [];
  const older = before ? Prisma.sql`${before}::uuid` : null;
  const rows = await findTransactions(ctx, newest(filter, older, page));
  return toConnection(
    rows,
    page,
    ({ uuid }: LedgerTransactionNode) => [uuid],
    () => count(ctx, filter),
  );
}

const below = (column: Prisma.Sql, older: Prisma.Sql | null) =>
  older ? Prisma.sql`${column} < ${older}` : Prisma.sql`true`;

/** Ids of the newest transactions that match: an order has few; an account's own index is walked; else the table's key is. */
function newest(filter: LedgerFilter, older: Prisma.Sql | null, page: Page): Prisma.Sql {
  const { orderId, account, currency } = filter;
  if (orderId != null || !(account || currency))
    return pageRows(
      Prisma.sql`SELECT t.id FROM ledger_transactions t WHERE ${ofOrder(filter)} AND ${below(Prisma.sql`t.id`, older)}
        ORDER BY t.id DESC`,
      page,
    );
  const limit = Prisma.sql`${page.limit + 1}::int`;
  return Prisma.sql`
    SELECT DISTINCT e.transaction_id FROM ledger_accounts a CROSS JOIN LATERAL (
      SELECT transaction_id FROM ledger_entries
      WHERE account_type = a.type AND currency = a.currency AND ${below(Prisma.sql`transaction_id`, older)}
      ORDER BY transaction_id DESC LIMIT ${limit}) e
    WHERE ${onAccount(filter, Prisma.sql`a.type`, Prisma.sql`a.currency`)}
    ORDER BY e.transaction_id DESC LIMIT ${limit}`;
}

function onAccount({ account, currency }: LedgerFilter, type: Prisma.Sql, code: Prisma.Sql): Prisma.Sql {
  return Prisma.join(
    [
      account ? Prisma.sql`${type} = ${account}::ledger_account_type` : Prisma.sql`true`,
      currency ? Prisma.sql`${code} = ${currency}` : Prisma.sql`true`,
    ],
    " AND ",
  );
}

function ofOrder(filter: LedgerFilter): Prisma.Sql {
  if (filter.orderId == null) return Prisma.sql`true`;
  const orderUuid = parseId("order", filter.orderId, "orderId");
  return Prisma.sql`t.order_id = ${orderUuid}::uuid AND EXISTS (SELECT FROM ledger_entries e
    WHERE e.transaction_id = t.id AND ${onAccount(filter, Prisma.sql`e.account_type`, Prisma.sql`e.currency`)})`;
}

async function count({ db }: Context, filter: LedgerFilter): Promise<number> {
  const { orderId, account, currency } = filter;
  const counted =
    orderId != null || !(account || currency)
      ? Prisma.sql`SELECT count(*)::int AS total FROM ledger_transactions t WHERE ${ofOrder(filter)}`
      : Prisma.sql`SELECT count(DISTINCT e.transaction_id)::int AS total FROM ledger_entries e
          WHERE ${onAccount(filter, Prisma.sql`e.account_type`, Prisma.sql`e.currency`)}`;
  const [{ total }] = await db.$queryRaw<[{ total: number }]>(counted);
  return total;
}
