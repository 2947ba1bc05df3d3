import { Prisma } from "../generated/prisma/client";
import { toId } from "../platform/ids";

/** A collection as collectionColumns brings it. */
export type StoredCollection = {
  uuid: string;
  handle: string;
  title: string;
  descriptionHtml: string;
  parentUuid: string | null;
};

/** What a collection's row holds, as a select list over alias `c` (collections). */
export const collectionColumns = Prisma.sql`c.id AS uuid, c.handle, c.title, c.description_html AS "descriptionHtml",
  c.parent_id AS "parentUuid"`;

/** A collection as GraphQL reads it. */
export type CollectionRow = StoredCollection & { __typename: "Collection"; id: string };

export const toCollection = (stored: StoredCollection): CollectionRow => ({
  ...stored,
  __typename: "Collection",
  id: toId("coll", stored.uuid),
});
