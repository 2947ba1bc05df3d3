import { Prisma } from "../generated/prisma/client";
import { type Batch, coalesce } from "../platform/coalesce";
import type { Page, PageArgs } from "../platform/connection";
import type { Context } from "../platform/context";
import type { Names } from "../platform/selected-names";
import { type FoundOrders, findOrders, readOrdersPage, selectFound, toOrders } from "./list-orders";

/**
 * The orders of an account, as listOrders. First pages are read together with those that other requests ask for now (coalesce.ts); further
 * ones are read alone, so that a cursor that somebody made himself can spoil nobody else's statement.
 */
export async function listAccountOrders(ctx: Context, args: PageArgs, accountUuid: string, names: Names) {
  const page = readOrdersPage(args);
  if (page.cursor) {
    const own = Prisma.sql`o.account_id = ${accountUuid}::uuid`;
    return toOrders(ctx, page, await findOrders(ctx, own, page, names));
  }
  const found = await coalesce(ctx.db, firstPages(page, names), [accountUuid]);
  return toOrders(ctx, page, found.get(accountUuid) ?? NONE);
}

const NONE: FoundOrders = { orders: null, total: 0 };

/** By what is asked for of each order, and by the page's size, of which there are a hundred */
const known = new WeakMap<Names, Map<number, Batch<FoundOrders>>>();

/** First pages by the uuids of accounts: one batch for all who selected the same `names` on pages of one size. */
function firstPages(page: Page, names: Names): Batch<FoundOrders> {
  const bySize = known.get(names) ?? new Map<number, Batch<FoundOrders>>();
  known.set(names, bySize);
  const batch = bySize.get(page.limit) ?? readFirstPages(page, names);
  bySize.set(page.limit, batch);
  return batch;
}

function readFirstPages(page: Page, names: Names): Batch<FoundOrders> {
  const columns = selectFound(Prisma.sql`o.account_id = a.id`, page, names);
  return async (reads, uuids) => {
    const found = await reads.$queryRaw<(FoundOrders & { account: string })[]>`
      SELECT a.id AS account, ${columns} FROM unnest(${uuids}::uuid[]) a (id)`;
    return new Map(found.map((one) => [one.account, one]));
  };
}
