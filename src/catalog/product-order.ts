import { Prisma } from "../generated/prisma/client";
import { type CursorKey, type Page, type PageArgs, readPage } from "../platform/connection";
import { badInput } from "../platform/errors";
import type { ProductSort } from "./product.types";

/** Reads the page's arguments. A cursor holds [sort, key, uuid], so that one of another sort is refused. */
export function readProductPage(args: PageArgs, sort: ProductSort): Page {
  const page = readPage(args, ["string", sort === "TITLE" ? "string" : "number", "string"]);
  if (page.cursor && page.cursor[0] !== sort)
    badInput(page.backward ? "before" : "after", "A cursor of another sort.");
  return page;
}

/** The cursor of a row that was selected with the order's `key`. */
export const keyOf =
  (sort: ProductSort) =>
  ({ key = "", uuid }: { key?: string | bigint; uuid: string }): CursorKey => [
    sort,
    typeof key === "bigint" ? Number(key) : key,
    uuid,
  ];

export type Order = {
  join: Prisma.Sql;
  /** The sort key as it goes into the cursor */
  key: Prisma.Sql;
  by: Prisma.Sql;
  /** The same of a page that was selected so: by its `key` and id */
  again: Prisma.Sql;
  /** The rows beyond a cursor, in walking order; none without a cursor */
  after: (cursor: CursorKey | null) => Prisma.Sql[];
};

const none = Prisma.empty;
/** Years 1970 to 9999, in milliseconds: a cursor made by hand must not leave the range of timestamps. */
const LATEST = 253_402_300_799_999;
const inTime = (ms: unknown) => new Date(Math.min(Math.max(Number(ms), 0), LATEST));

const orders: Record<
  ProductSort,
  {
    column: Prisma.Sql;
    id: Prisma.Sql;
    key: Prisma.Sql;
    bound: (part: unknown) => Prisma.Sql;
    descending: boolean;
  }
> = {
  TITLE: {
    column: Prisma.sql`p.title`,
    id: Prisma.sql`p.id`,
    key: Prisma.sql`p.title`,
    bound: (part) => Prisma.sql`${part}::text`,
    descending: false,
  },
  NEWEST: {
    column: Prisma.sql`p.created_at`,
    id: Prisma.sql`p.id`,
    key: Prisma.sql`(extract(epoch FROM p.created_at) * 1000)::bigint`,
    bound: (part) => Prisma.sql`${inTime(part)}::timestamptz`,
    descending: true,
  },
  PRICE_ASC: { ...priced(), descending: false },
  PRICE_DESC: { ...priced(), descending: true },
};

function priced() {
  const [column, id] = [Prisma.sql`r.min_amount`, Prisma.sql`r.product_id`]; // one table's, so that an index is walked from the cursor on
  return { column, id, key: column, bound: (part: unknown) => Prisma.sql`${part}::bigint` };
}

/** Whether what has no price is left out. */
export const isByPrice = (sort: ProductSort) => sort === "PRICE_ASC" || sort === "PRICE_DESC";

/**
 * How a sort is walked over alias `p` (products), forward or backward; both price sorts go by a product's lowest price in
 * `currency`. Ties are broken by id, so that pages neither repeat nor skip.
 */
export function productOrder(sort: ProductSort, currency: string, backward: boolean): Order {
  const { column, id, key, bound, descending } = orders[sort];
  const down = descending !== backward;
  const beyond = (cursor: CursorKey) =>
    Prisma.sql`(${column}, ${id}) ${down ? Prisma.sql`<` : Prisma.sql`>`} (${bound(cursor[1])}, ${cursor[2]}::uuid)`;
  return {
    join: isByPrice(sort)
      ? Prisma.sql`JOIN product_price_ranges r ON r.product_id = p.id AND r.currency = ${currency}::char(3)`
      : none,
    key,
    by: down ? Prisma.sql`${column} DESC, ${id} DESC` : Prisma.sql`${column}, ${id}`,
    again: down ? Prisma.sql`p.key DESC, p.id DESC` : Prisma.sql`p.key, p.id`,
    after: (cursor) => (cursor ? [beyond(cursor)] : []),
  };
}
