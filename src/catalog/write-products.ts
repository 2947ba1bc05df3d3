import type { Clock } from "../platform/clock";
import type { Config } from "../platform/config";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { Refusal } from "../platform/refusal";
import { type CatalogErrorCode, refuse } from "./catalog.refusals";
import type { ProductDraft, WriteResult } from "./product-draft";
import { toHandle } from "./read-handle";
import { indexProducts } from "./search/index-products";
import { checkDraft } from "./write/check-draft";
import { type ProductPlan, planProduct } from "./write/plan-product";
import {
  lockProducts,
  type ProductState,
  readKnownCollections,
  readSkuOwners,
  readTakenHandles,
} from "./write/product-state";
import { savePlans } from "./write/save-plans";

/**
 * Creates and changes products, with their prices, stock, price ranges, search documents and an event each, in a fixed number of
 * statements for any number of drafts. One result per draft, in order; a refused draft writes nothing and hinders no other.
 * What is as stored already is "unchanged": version and updatedAt stay. `actorId` (uuid) goes into the stock movements.
 * Call it inside `transact`: who loses a race for a handle or SKU throws there and is run again, then finds it taken.
 */
export async function writeProducts(
  tx: Tx,
  { clock, config }: { clock: Clock; config: Config },
  drafts: readonly ProductDraft[],
  actorId: string | null = null,
): Promise<WriteResult[]> {
  const books = await openBooks(tx, drafts);
  const plans: ProductPlan[] = [];
  const results = drafts.map((draft): WriteResult => {
    try {
      checkDraft(draft, config.shop.currencies);
      const plan = planOne(draft, books);
      claim(plan, books);
      if (!plan.isChanged) return { outcome: "unchanged", productId: plan.uuid };
      plans.push(plan);
      return { outcome: plan.isNew ? "created" : "updated", productId: plan.uuid };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {
        outcome: "refused",
        code: error.code as CatalogErrorCode,
        message: error.message,
        path: error.path,
      };
    }
  });
  const at = clock.now();
  await savePlans(tx, plans, at, actorId);
  if (plans.length > 0) {
    await emit(
      tx,
      at,
      ...plans.map(({ uuid }) => ({
        type: "product.saved",
        subjectType: "product" as const,
        subjectId: uuid,
      })),
    );
    // Last: what products share is locked here, and others who save wait for it until this transaction ends.
    await indexProducts(
      tx,
      plans.map(({ uuid }) => uuid),
    );
  }
  return results;
}

/** What the drafts are held against; claims of earlier drafts are noted in it. */
type Books = {
  byId: Map<string, ProductState>;
  byHandle: Map<string, ProductState>;
  handles: Set<string>;
  skuOwners: Map<string, string>;
  collections: Set<string>;
  written: Set<string>;
};

async function openBooks(tx: Tx, drafts: readonly ProductDraft[]): Promise<Books> {
  const stored = (texts: readonly (string | null | undefined)[]) =>
    texts.flatMap((text) => (text && !text.includes("\0") ? [text] : []));
  const states = await lockProducts(
    tx,
    stored(drafts.map(({ id }) => id)),
    stored(drafts.map(({ handle }) => handle)),
  );
  const unnamed = drafts.filter(({ id, handle }) => id == null && handle == null);
  const slugs = unnamed.map(({ title }) => slugOf(title));
  const taken = await readTakenHandles(tx, slugs, slugs.flatMap(handlesFor));
  const given = drafts.flatMap(({ variants }) => (variants ?? []).map(({ sku }) => sku));
  // An archived variant may come back, and its SKU be somebody else's by now.
  const dormant = states.flatMap(({ variants }) =>
    variants.map(({ sku, archived }) => (archived ? sku : null)),
  );
  return {
    byId: new Map(states.map((state) => [state.uuid, state])),
    byHandle: new Map(states.map((state) => [state.handle, state])),
    handles: new Set([...taken, ...states.map(({ handle }) => handle)]),
    skuOwners: await readSkuOwners(tx, stored([...given, ...dormant])),
    collections: await readKnownCollections(tx, [
      ...new Set(drafts.flatMap(({ collectionIds }) => collectionIds ?? [])),
    ]),
    written: new Set(),
  };
}

const MOST_NAMESAKES = 9;
const slugOf = (title: string | null | undefined) => toHandle(title ?? "", "product");
const handlesFor = (slug: string) => [
  slug,
  ...Array.from({ length: MOST_NAMESAKES - 1 }, (_, index) => `${slug}-${index + 2}`),
];

function planOne(draft: ProductDraft, books: Books): ProductPlan {
  const named = draft.handle == null ? null : (books.byHandle.get(draft.handle) ?? null);
  const state = draft.id == null ? named : (books.byId.get(draft.id) ?? null);
  if (draft.id != null && !state) throw refuse("NOT_FOUND", "id");
  if (draft.handle != null && draft.handle !== state?.handle && books.handles.has(draft.handle))
    throw refuse("HANDLE_TAKEN", "handle");
  if (state && books.written.has(state.uuid)) throw refuse("HANDLE_TAKEN", "handle");
  if (draft.expectedVersion != null && draft.expectedVersion !== state?.version)
    throw refuse("CHANGED_MEANWHILE", "expectedVersion");
  const unknown = (draft.collectionIds ?? []).findIndex((id) => !books.collections.has(id));
  if (unknown >= 0) throw refuse("NOT_FOUND", "collectionIds", String(unknown));

  const slug = slugOf(draft.title);
  const free = handlesFor(slug).find((handle) => !books.handles.has(handle));
  const plan = planProduct(draft, state, free ?? `${slug}-${newId()}`);
  for (const [index, { sku }] of plan.variants.entries())
    if (sku !== null && (books.skuOwners.get(sku) ?? plan.uuid) !== plan.uuid)
      throw refuse("SKU_TAKEN", "variants", String(index), "sku");
  return plan;
}

function claim({ uuid, columns, variants }: ProductPlan, books: Books) {
  books.written.add(uuid);
  books.handles.add(columns.handle);
  for (const { sku } of variants) if (sku !== null) books.skuOwners.set(sku, uuid);
}
