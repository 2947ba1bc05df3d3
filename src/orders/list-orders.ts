import type { Names } from "../catalog";
import { Prisma } from "../generated/prisma/client";
import type { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { type PageArgs, pageRows, readPage, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import { readEmail } from "../platform/email";
import { badInput } from "../platform/errors";
import { isPlainText } from "../platform/text";
import { type StoredOrder, selectOrders } from "./order.rows";
import { toOrder } from "./order-node";

export type OrderFilter = {
  accountUuid?: string;
  status?: OrderStatus | null;
  paymentStatus?: PaymentStatus | null;
  /** Order number, exact e-mail address or SKU; blank finds all */
  query?: string | null;
};

const LONGEST_QUERY = 300;
/** What a timestamp of PostgreSQL and a Date both hold. */
const LAST_MOMENT = 8.64e15;

/**
 * Orders that match, newest first, one page of them, with what `names` (selectedNames) needs of each. @throws BAD_USER_INPUT for a page or cursor that this list does not have
 */
export async function listOrders(ctx: Context, args: PageArgs, filter: OrderFilter, names: Names) {
  const page = readPage(args, ["number", "string"]);
  const matching = conditionsOf(ctx, filter);
  const orders = pageRows(
    Prisma.sql`SELECT * FROM orders o WHERE ${Prisma.join([...matching, ...after(page.cursor)], " AND ")}
      ORDER BY placed_at DESC, id DESC`,
    page,
  );
  const count = names.has("totalCount") ? countOf(matching) : Prisma.sql`SELECT 0`;
  const [found] = await ctx.db.$queryRaw<[{ orders: StoredOrder[] | null; total: number }]>`
    SELECT (${selectOrders(orders, names)}) AS orders, (${count}) AS total`;
  const rows = (found.orders ?? []).map((order) => toOrder(ctx.vault, order));
  const keyOf = ({ placedAt, uuid }: (typeof rows)[number]) => [placedAt.getTime(), uuid];
  return toConnection(rows, page, keyOf, async () => found.total);
}

const countOf = (matching: Prisma.Sql[]) =>
  Prisma.sql`SELECT count(*)::int FROM orders o WHERE ${Prisma.join(matching, " AND ")}`;

function after(cursor: (string | number | null)[] | null) {
  if (!cursor) return [];
  const [at, uuid] = cursor as [number, string];
  if (at < 0 || at > LAST_MOMENT) badInput("after", "Not a cursor of this list.");
  return [Prisma.sql`(o.placed_at, o.id) < (${new Date(at)}::timestamptz, ${uuid}::uuid)`];
}

function conditionsOf(
  ctx: Context,
  { accountUuid, status, paymentStatus, query }: OrderFilter,
): Prisma.Sql[] {
  const text = query?.trim() ?? "";
  return [
    Prisma.sql`true`,
    ...(accountUuid ? [Prisma.sql`o.account_id = ${accountUuid}::uuid`] : []),
    ...(status ? [Prisma.sql`o.status = ${status}::order_status`] : []),
    ...(paymentStatus ? [Prisma.sql`o.payment_status = ${paymentStatus}::payment_status`] : []),
    // An array, so that these few are looked up: the planner cannot see how few they are, and would read all orders of a status for a join.
    ...(text ? [Prisma.sql`o.id = ANY (ARRAY(${matches(ctx, text)}))`] : []),
  ];
}

/** Orders that a text may mean; digits may be a number and a SKU. E-mail addresses are found by their keyed hash: exactly or not at all. */
function matches({ vault }: Context, text: string): Prisma.Sql {
  if (!isPlainText(text, LONGEST_QUERY)) return Prisma.sql`SELECT NULL::uuid`;
  const number = /^#?(\d{1,18})$/.exec(text)?.[1] ?? null;
  const email = readEmail(text);
  return Prisma.sql`
    SELECT id FROM orders WHERE number = ${number}::bigint
    UNION SELECT id FROM orders WHERE email_index = ${email === null ? null : vault.blindIndex("email", email)}::bytea
    UNION SELECT order_id FROM order_lines WHERE sku = ${text}`;
}
