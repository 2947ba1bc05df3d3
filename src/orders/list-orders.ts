import { Prisma } from "../generated/prisma/client";
import type { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { type Page, type PageArgs, pageRows, readPage, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import { readEmail } from "../platform/email";
import { badInput } from "../platform/errors";
import type { Names } from "../platform/selected-names";
import { isPlainText } from "../platform/text";
import { type StoredOrder, selectOrders } from "./order.rows";
import { toOrder } from "./order-node";

export type OrderFilter = {
  status?: OrderStatus | null;
  paymentStatus?: PaymentStatus | null;
  /** Order number, exact e-mail address or SKU; blank finds all */
  query?: string | null;
};

const LONGEST_QUERY = 300;
/** What a timestamp of PostgreSQL and a Date both hold. */
const LAST_MOMENT = 8.64e15;

/** Orders that match, newest first, one page of them, with what `names` (selectedNames) needs of each. @throws as readOrdersPage */
export async function listOrders(ctx: Context, args: PageArgs, filter: OrderFilter, names: Names) {
  const page = readOrdersPage(args);
  return toOrders(ctx, page, await findOrders(ctx, conditionOf(ctx, filter), page, names));
}

/** @throws BAD_USER_INPUT for a page or cursor that no list of orders has */
export const readOrdersPage = (args: PageArgs): Page => readPage(args, ["number", "string"]);

/** What a page's statement finds: its orders and one more, null for none, and how many there are in all when that is asked for. */
export type FoundOrders = { orders: StoredOrder[] | null; total: number };

/** A page of the rows `o` of orders that match, for whoever asks. */
export async function findOrders(ctx: Context, matching: Prisma.Sql, page: Page, names: Names) {
  const [found] = await ctx.db.$queryRaw<[FoundOrders]>`SELECT ${selectFound(matching, page, names)}`;
  return found;
}

/** SQL for the columns of FoundOrders. */
export function selectFound(matching: Prisma.Sql, page: Page, names: Names): Prisma.Sql {
  const orders = pageRows(
    Prisma.sql`SELECT * FROM orders o WHERE ${matching} ${after(page.cursor)} ORDER BY placed_at DESC, id DESC`,
    page,
  );
  const count = names.has("totalCount")
    ? Prisma.sql`SELECT count(*)::int FROM orders o WHERE ${matching}`
    : Prisma.sql`SELECT 0`;
  return Prisma.sql`(${selectOrders(orders, names)}) AS orders, (${count}) AS total`;
}

/** The connection that the schema shows of a page. */
export function toOrders(ctx: Context, page: Page, { orders, total }: FoundOrders) {
  const rows = (orders ?? []).map((order) => toOrder(ctx.vault, order));
  const keyOf = ({ placedAt, uuid }: (typeof rows)[number]) => [placedAt.getTime(), uuid];
  return toConnection(rows, page, keyOf, async () => total);
}

function after(cursor: Page["cursor"]): Prisma.Sql {
  if (!cursor) return Prisma.empty;
  const [at, uuid] = cursor as [number, string];
  if (at < 0 || at > LAST_MOMENT) badInput("after", "Not a cursor of this list.");
  return Prisma.sql`AND (o.placed_at, o.id) < (${new Date(at)}::timestamptz, ${uuid}::uuid)`;
}

function conditionOf(ctx: Context, { status, paymentStatus, query }: OrderFilter): Prisma.Sql {
  const text = query?.trim() ?? "";
  const conditions = [
    Prisma.sql`true`,
    ...(status ? [Prisma.sql`o.status = ${status}::order_status`] : []),
    ...(paymentStatus ? [Prisma.sql`o.payment_status = ${paymentStatus}::payment_status`] : []),
    // An array, so that these few are looked up: the planner cannot see how few they are, and would read all orders of a status for a join.
    ...(text ? [Prisma.sql`o.id = ANY (ARRAY(${matches(ctx, text)}))`] : []),
  ];
  return Prisma.join(conditions, " AND ");
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
