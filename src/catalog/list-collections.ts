import { Prisma } from "../generated/prisma/client";
import { type PageArgs, readPage, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import { collectionColumns, type StoredCollection, toCollection } from "./collection-row";

/**
 * A page of the collections right below `parent` (uuid), or of all collections when there is none given; by title.
 * @throws BAD_USER_INPUT for a bad page size or cursor
 */
export async function listCollections({ reads }: Context, ask: PageArgs, parent: string | null) {
  const page = readPage(ask, ["string", "string"]);
  const below = parent === null ? Prisma.sql`true` : Prisma.sql`c.parent_id = ${parent}::uuid`;
  const [title, uuid] = page.cursor ?? [];
  const after = page.cursor
    ? Prisma.sql`AND (c.title, c.id) > (${title}::text, ${uuid}::uuid)`
    : Prisma.empty;
  const found = await reads.$queryRaw<StoredCollection[]>`
    SELECT ${collectionColumns} FROM collections c WHERE ${below} ${after}
    ORDER BY c.title, c.id LIMIT ${page.limit + 1}::int`;
  const count = async () => {
    const [counted] = await reads.$queryRaw<[{ count: number }]>`
      SELECT count(*)::int AS count FROM collections c WHERE ${below}`;
    return counted.count;
  };
  return toConnection(found.map(toCollection), page, (row) => [row.title, row.uuid], count);
}
