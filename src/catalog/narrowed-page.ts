import { Prisma } from "../generated/prisma/client";
import { type Page, pageRows } from "../platform/connection";
import { HITS_TOTAL } from "./count-products";
import type { Order } from "./product-order";

/** So many products are sorted at once; of more, it is quicker to walk the sort's index until a page is full. */
const FEW = 5_000;

type Narrowed = {
  order: Order;
  page: Page;
  /** Over alias `p`; whoever may not see a product doesn't, whatever search knows of it */
  status: Prisma.Sql;
};

/**
 * The rows (p.*, key) of a page of the products whose bits are in a CTE `hits`: what it costs depends little on how many products there are
 * besides, and how many of them are hits. OFFSET 0 keeps the planner from reading whole tables for the few.
 */
export function narrowedRows({ order, page, status }: Narrowed): Prisma.Sql {
  const after = Prisma.join([status, ...order.after(page.cursor)], " AND ");
  const few = Prisma.sql`${HITS_TOTAL} <= ${FEW}::int`;
  const sorted = Prisma.sql`SELECT p.*, ${order.key} AS key FROM hits h
    CROSS JOIN LATERAL search_ordinals(h.block, h.bits, ${FEW}::int) AS o (ordinal)
    CROSS JOIN LATERAL (SELECT product_id FROM search_facets WHERE ordinal = o.ordinal OFFSET 0) s
    CROSS JOIN LATERAL (SELECT * FROM products WHERE id = s.product_id OFFSET 0) p ${order.join}
    WHERE ${few} AND ${after} ORDER BY ${order.by}`;
  const walked = Prisma.sql`SELECT p.*, ${order.key} AS key FROM products p ${order.join}
    WHERE NOT (${few}) AND ${IS_HIT} AND ${after} ORDER BY ${order.by}`;
  return Prisma.sql`(${pageRows(sorted, page)}) UNION ALL (${pageRows(walked, page)})`;
}

const IS_HIT = Prisma.sql`(SELECT get_bit(h.bits, 16383 - s.ordinal % 16384) FROM search_documents s
  JOIN hits h ON h.block = s.ordinal / 16384 WHERE s.product_id = p.id) = 1`;
