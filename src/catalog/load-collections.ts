import { Prisma } from "../generated/prisma/client";
import { type Batch, coalesce } from "../platform/coalesce";
import type { Context } from "../platform/context";
import { load } from "../platform/loaders";
import { type CollectionRow, collectionColumns, type StoredCollection, toCollection } from "./collection-row";

const by =
  (column: Prisma.Sql, type: Prisma.Sql): Batch<StoredCollection> =>
  async (reads, keys) => {
    const found = await reads.$queryRaw<(StoredCollection & { key: string })[]>`
      SELECT ${column} AS key, ${collectionColumns} FROM collections c WHERE ${column} = ANY(${keys}::${type}[])`;
    return new Map(found.map(({ key, ...stored }) => [key, stored]));
  };
const byUuid = by(Prisma.sql`c.id`, Prisma.sql`uuid`);
const byHandle = by(Prisma.sql`c.handle`, Prisma.sql`text`);

async function byId({ reads }: Context, uuids: readonly string[]) {
  const found = await byUuid(reads, uuids);
  return new Map([...found].map(([uuid, stored]) => [uuid, toCollection(stored)]));
}

async function byParent({ reads }: Context, uuids: readonly string[]) {
  const found = await reads.$queryRaw<(StoredCollection & { of: string })[]>`
    SELECT ${collectionColumns}, c.parent_id AS of FROM collections c WHERE c.parent_id = ANY(${uuids}::uuid[])
    ORDER BY c.title, c.id`;
  return grouped(found);
}

function grouped(found: (StoredCollection & { of: string })[]) {
  const lists = new Map<string, CollectionRow[]>();
  for (const { of, ...stored } of found) {
    const list = lists.get(of) ?? [];
    list.push(toCollection(stored));
    lists.set(of, list);
  }
  return lists;
}

/** A collection by uuid, or null. Batched: one statement for all that are asked for in the same tick; so are the others. */
export const loadCollection = (ctx: Context, uuid: string) => load(ctx, byId, uuid);

/** The collections right below one, by title. */
export const loadChildren = async (ctx: Context, uuid: string) => (await load(ctx, byParent, uuid)) ?? [];

/** A collection by uuid or handle, or null; together with what other requests ask for now (coalesce.ts). */
export async function readCollection(
  { reads }: Context,
  by: { uuid: string } | { handle: string },
): Promise<CollectionRow | null> {
  const [batch, key] = "uuid" in by ? [byUuid, by.uuid] : [byHandle, by.handle];
  const stored = (await coalesce(reads, batch, [key])).get(key);
  return stored ? toCollection(stored) : null;
}
