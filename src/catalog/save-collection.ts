import type { Clock } from "../platform/clock";
import { type Sql, type Tx, transact } from "../platform/database";
import { newId, readId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { isPlainText } from "../platform/text";
import { refuse } from "./catalog.refusals";
import { readHandle, toHandle } from "./read-handle";
import { sanitiseHtml } from "./sanitise";
import type { SaveCollectionInput } from "./save-collection.types";
import { withLineFeeds } from "./write/check-draft";

/** Found by id, else by handle, else created; a field left out stays as it is, null removes it. Ids are uuids. */
export type CollectionDraft = {
  id?: string | null;
  handle?: string | null;
  title?: string | null;
  descriptionHtml?: string | null;
  parentId?: string | null;
};

const LONGEST_TITLE = 255;
const LONGEST_HTML = 200_000;

/**
 * Creates or changes one collection. @returns its uuid
 * @throws NOT_FOUND (id, parentId), HANDLE_TAKEN, TITLE_MISSING, VALUE_INVALID (malformed text; a parent that is the collection
 * itself or below it)
 */
export function saveCollection(
  sql: Sql,
  clock: Clock,
  draft: CollectionDraft,
): Promise<{ collectionId: string }> {
  checkText(draft);
  return transact(sql, async (tx) => {
    if (draft.parentId != null) await lockTree(tx);
    const stored = await findStored(tx, draft);
    const title = draft.title?.trim() ?? stored?.title;
    if (!title) throw refuse("TITLE_MISSING", "title");
    const [id, at] = [stored?.id ?? newId(), clock.now()];
    if (draft.parentId != null) await checkParent(tx, id, draft.parentId);
    const given = {
      handle: draft.handle ?? stored?.handle ?? (await freeHandle(tx, title)),
      title,
      descriptionHtml:
        draft.descriptionHtml === undefined
          ? (stored?.descriptionHtml ?? "")
          : sanitiseHtml(withLineFeeds(draft.descriptionHtml ?? "")),
      parentId: draft.parentId === undefined ? (stored?.parentId ?? null) : draft.parentId,
    };
    const before = {
      handle: stored?.handle,
      title: stored?.title,
      descriptionHtml: stored?.descriptionHtml,
      parentId: stored?.parentId,
    };
    if (JSON.stringify(given) === JSON.stringify(before)) return { collectionId: id };
    const columns = { ...given, updatedAt: at };
    await tx.collection.upsert({ where: { id }, create: { id, createdAt: at, ...columns }, update: columns });
    await emit(tx, at, { type: "collection.saved", subjectType: "collection", subjectId: id });
    return { collectionId: id };
  });
}

/** The draft of an input whose ids are wire ids. @throws NOT_FOUND for malformed ones */
export function toCollectionDraft({ id, parentId, ...rest }: SaveCollectionInput): CollectionDraft {
  const [collection, parent] = [id, parentId].map((given) => (given == null ? given : readId("coll", given)));
  if (id != null && collection == null) throw refuse("NOT_FOUND", "id");
  if (parentId != null && parent == null) throw refuse("NOT_FOUND", "parentId");
  return { ...rest, id: collection, parentId: parent };
}

function checkText({ handle, title, descriptionHtml }: CollectionDraft) {
  if (handle != null && readHandle(handle) === null) throw refuse("VALUE_INVALID", "handle");
  if (title !== undefined && (!title?.trim() || !isPlainText(title.trim(), LONGEST_TITLE)))
    throw refuse("TITLE_MISSING", "title");
  if (descriptionHtml && !isPlainText(withLineFeeds(descriptionHtml), LONGEST_HTML))
    throw refuse("VALUE_INVALID", "descriptionHtml");
}

async function findStored(tx: Tx, { id, handle }: CollectionDraft) {
  const named = handle == null ? null : await tx.collection.findUnique({ where: { handle } });
  if (id == null) return named;
  if (named && named.id !== id) throw refuse("HANDLE_TAKEN", "handle");
  const stored = await tx.collection.findUnique({ where: { id } });
  if (!stored) throw refuse("NOT_FOUND", "id");
  return stored;
}

/** Moves in the tree go one after the other: two that are each right could close a circle together. */
async function lockTree(tx: Tx) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('collections'))`;
}

async function checkParent(tx: Tx, id: string, parentId: string) {
  const above = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE above AS (
      SELECT id, parent_id FROM collections WHERE id = ${parentId}::uuid
      UNION SELECT c.id, c.parent_id FROM collections c JOIN above ON c.id = above.parent_id
    ) SELECT id FROM above`;
  if (above.length === 0) throw refuse("NOT_FOUND", "parentId");
  if (above.some((one) => one.id === id)) throw refuse("VALUE_INVALID", "parentId");
}

async function freeHandle(tx: Tx, title: string) {
  const slug = toHandle(title, "collection");
  const taken = await tx.collection.findUnique({ where: { handle: slug }, select: { id: true } });
  return taken ? `${slug}-${newId()}` : slug;
}
