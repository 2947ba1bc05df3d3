import type { Tx } from "../../platform/database";
import { newId } from "../../platform/ids";
import type { ProductPlan } from "./plan-product";
import type { StockLevel } from "./product-state";
import { saveDocuments } from "./save-documents";
import { saveVariants } from "./save-variants";

/** Writes plans into locked products: a fixed number of statements for any number of products, none where nothing is to do. */
export async function savePlans(
  tx: Tx,
  plans: ProductPlan[],
  at: Date,
  actorId: string | null,
): Promise<void> {
  if (plans.length === 0) return;
  await saveProducts(tx, plans, at);
  await saveVariants(tx, plans, at, actorId);
  await saveOptions(tx, plans);
  await saveImages(tx, plans);
  await saveCollections(tx, plans);
  await saveDocuments(tx, uuidsOf(plans));
}

/** A new product is available from the start, as its stock will make it: else its row would be written twice. */
async function saveProducts(tx: Tx, plans: ProductPlan[], at: Date) {
  const rows = JSON.stringify(
    plans.map(({ uuid, isNew, columns, variants }) => ({
      id: uuid,
      is_new: isNew,
      available: variants.some(({ level }) => level !== null && canBeSold(level)),
      ...columns,
    })),
  );
  await tx.$executeRaw`
    WITH given AS (
      SELECT * FROM json_to_recordset(${rows}::json) AS r(id uuid, is_new boolean, handle text, title text,
        "descriptionHtml" text, vendor text, "productType" text, tags text[], status product_status,
        available boolean)
    ), changed AS (
      UPDATE products p SET handle = g.handle, title = g.title, description_html = g."descriptionHtml", vendor = g.vendor,
        product_type = g."productType", tags = g.tags, status = g.status, version = p.version + 1, updated_at = ${at}::timestamptz
      FROM given g WHERE p.id = g.id AND NOT g.is_new
    )
    INSERT INTO products (id, handle, title, description_html, vendor, product_type, tags, status, available, created_at, updated_at)
    SELECT id, handle, title, "descriptionHtml", vendor, "productType", tags, status, available, ${at}::timestamptz, ${at}::timestamptz
    FROM given WHERE is_new ORDER BY handle`; // the order keeps two batches with the same new handles from waiting in a circle
}

const canBeSold = ({ tracked, oversell, onHand, reserved }: StockLevel) =>
  !tracked || oversell || onHand > reserved;

async function saveOptions(tx: Tx, plans: ProductPlan[]) {
  const changed = plans.filter(({ options }) => options);
  if (changed.length === 0) return;
  await tx.$executeRaw`DELETE FROM product_options WHERE product_id = ANY(${uuidsOf(changed)}::uuid[])`;
  const rows = changed.flatMap(({ uuid, options }) =>
    (options ?? []).map((option, position) => ({ id: newId(), product: uuid, position, ...option })),
  );
  await tx.$executeRaw`
    INSERT INTO product_options (id, product_id, position, name, values)
    SELECT id, product, position, name, values FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS r(id uuid, product uuid, position int, name text, values text[])`;
}

async function saveImages(tx: Tx, plans: ProductPlan[]) {
  const changed = plans.filter(({ images }) => images);
  if (changed.length === 0) return;
  await tx.$executeRaw`DELETE FROM images WHERE product_id = ANY(${uuidsOf(changed)}::uuid[])`;
  const rows = changed.flatMap(({ uuid, images }) =>
    (images ?? []).map((image, position) => ({ id: newId(), product: uuid, position, ...image })),
  );
  await tx.$executeRaw`
    INSERT INTO images (id, product_id, position, url, alt_text)
    SELECT id, product, position, url, "altText" FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS r(id uuid, product uuid, position int, url text, "altText" text)`;
}

async function saveCollections(tx: Tx, plans: ProductPlan[]) {
  const changed = plans.filter(({ collections }) => collections);
  if (changed.length === 0) return;
  await tx.$executeRaw`DELETE FROM product_collections WHERE product_id = ANY(${uuidsOf(changed)}::uuid[])`;
  const rows = changed.flatMap(({ uuid, collections }) =>
    (collections ?? []).map((collection) => ({ product: uuid, collection })),
  );
  await tx.$executeRaw`
    INSERT INTO product_collections (product_id, collection_id)
    SELECT product, collection FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(product uuid, collection uuid)`;
}

const uuidsOf = (plans: ProductPlan[]) => plans.map(({ uuid }) => uuid);
