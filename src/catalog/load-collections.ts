import type { Context } from "../platform/context";
import { load } from "../platform/loaders";
import { type CollectionRow, collectionColumns, type StoredCollection, toCollection } from "./collection-row";

async function byId({ reads }: Context, uuids: readonly string[]) {
  const found = await reads.$queryRaw<StoredCollection[]>`
    SELECT ${collectionColumns} FROM collections c WHERE c.id = ANY(${uuids}::uuid[])`;
  return new Map(found.map((stored) => [stored.uuid, toCollection(stored)]));
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

/** A collection by handle, or null. */
export async function readCollectionByHandle(
  { reads }: Context,
  handle: string,
): Promise<CollectionRow | null> {
  const [found] = await reads.$queryRaw<StoredCollection[]>`
    SELECT ${collectionColumns} FROM collections c WHERE c.handle = ${handle}`;
  return found ? toCollection(found) : null;
}
