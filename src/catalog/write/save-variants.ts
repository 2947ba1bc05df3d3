import type { Tx } from "../../platform/database";
import { newId } from "../../platform/ids";
import type { ProductPlan } from "./plan-product";

/** Writes the variants of plans with their prices, stock and price ranges; see savePlans. */
export async function saveVariants(
  tx: Tx,
  plans: ProductPlan[],
  at: Date,
  actorId: string | null,
): Promise<void> {
  await freeSkus(tx, plans, at);
  await saveRows(tx, plans, at);
  await savePrices(tx, plans);
  await saveStock(tx, plans, at, actorId);
  await savePriceRanges(tx, plans);
}

/** First of all: an archived variant's SKU, and one that moves within a product, may be taken by the next statement. */
async function freeSkus(tx: Tx, plans: ProductPlan[], at: Date) {
  const archived = plans.flatMap((plan) => plan.archived);
  if (archived.length > 0)
    await tx.$executeRaw`UPDATE variants SET archived_at = ${at}::timestamptz, updated_at = ${at}::timestamptz WHERE id = ANY(${archived}::uuid[])`;
  const moving = plans.flatMap(({ variants }) =>
    variants.filter((one) => one.givesUpSku).map(({ uuid }) => uuid),
  );
  if (moving.length > 0)
    await tx.$executeRaw`UPDATE variants SET sku = NULL WHERE id = ANY(${moving}::uuid[])`;
}

async function saveRows(tx: Tx, plans: ProductPlan[], at: Date) {
  const given = plans.flatMap(({ uuid, variants }) =>
    variants.filter((one) => one.isNew || one.isChanged).map((one) => ({ product: uuid, ...one })),
  );
  if (given.length === 0) return;
  const rows = given.map(({ prices: _prices, level: _level, ...row }) => row);
  await tx.$executeRaw`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(uuid uuid, product uuid, "isNew" boolean, position int, sku text,
        title text, "optionValues" text[], "imageUrl" text)
    ), changed AS (
      UPDATE variants v SET position = g.position, sku = g.sku, title = g.title, option_values = g."optionValues",
        image_url = g."imageUrl", archived_at = NULL, updated_at = ${at}::timestamptz
      FROM given g WHERE v.id = g.uuid AND NOT g."isNew"
    )
    INSERT INTO variants (id, product_id, position, sku, title, option_values, image_url, created_at, updated_at)
    SELECT uuid, product, position, sku, title, "optionValues", "imageUrl", ${at}::timestamptz, ${at}::timestamptz
    FROM given WHERE "isNew" ORDER BY sku`;
}

async function savePrices(tx: Tx, plans: ProductPlan[]) {
  const rows = plans.flatMap(({ variants }) =>
    variants.flatMap(({ uuid, prices }) => prices.map((price) => ({ variant: uuid, ...price }))),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO prices (variant_id, currency, amount, compare_at)
    SELECT variant, currency, amount, "compareAt" FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS r(variant uuid, currency text, amount bigint, "compareAt" bigint)
    ON CONFLICT (variant_id, currency, channel) DO UPDATE SET amount = excluded.amount, compare_at = excluded.compare_at`;
}

/** Levels and the movements that explain them. `reserved` is the orders' and stays. */
async function saveStock(tx: Tx, plans: ProductPlan[], at: Date, actorId: string | null) {
  const rows = plans.flatMap(({ variants }) =>
    variants.flatMap(({ uuid, isNew, level, onHandDelta }) =>
      level ? [{ variant: uuid, movement: newId(), isNew, ...level, onHandDelta }] : [],
    ),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS r(variant uuid, movement uuid, "isNew" boolean, tracked boolean, oversell boolean, "onHand" int, "onHandDelta" int)
    ), moved AS (
      INSERT INTO stock_movements (id, variant_id, kind, on_hand_delta, actor_id, created_at)
      SELECT movement, variant, (CASE WHEN "isNew" THEN 'RECEIVE' ELSE 'ADJUST' END)::stock_movement_kind, "onHandDelta",
        ${actorId}::uuid, ${at}::timestamptz
      FROM given WHERE "onHandDelta" <> 0
    )
    INSERT INTO stocks (variant_id, tracked, oversell, on_hand) SELECT variant, tracked, oversell, "onHand" FROM given ORDER BY variant
    ON CONFLICT (variant_id, location) DO UPDATE SET tracked = excluded.tracked, oversell = excluded.oversell, on_hand = excluded.on_hand`;
}

async function savePriceRanges(tx: Tx, plans: ProductPlan[]) {
  const touched = plans.filter(
    ({ variants, archived }) =>
      archived.length > 0 || variants.some((one) => one.isChanged || one.prices.length > 0),
  );
  if (touched.length === 0) return;
  const products = touched.map(({ uuid }) => uuid);
  await tx.$executeRaw`DELETE FROM product_price_ranges WHERE product_id = ANY(${products}::uuid[])`;
  await tx.$executeRaw`
    INSERT INTO product_price_ranges (product_id, currency, min_amount, max_amount)
    SELECT v.product_id, c.currency, min(c.amount), max(c.amount) FROM variants v JOIN prices c ON c.variant_id = v.id AND c.channel = 'default'
    WHERE v.product_id = ANY(${products}::uuid[]) AND v.archived_at IS NULL GROUP BY v.product_id, c.currency`;
}
