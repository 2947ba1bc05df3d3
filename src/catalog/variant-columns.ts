import { Prisma } from "../generated/prisma/client";
import type { Names } from "./selected-names";

/** What a variant's row holds, as a select list over alias `v` (variants); see productColumns. */
export function variantColumns(names?: Names): Prisma.Sql {
  const wants = (name: string) => !names || names.has(name);
  const columns = [
    Prisma.sql`v.id AS uuid, v.product_id AS "productUuid", v.position, v.sku, v.title, v.option_values AS "optionValues",
      v.archived_at AS "archivedAt", v.image_url AS "imageUrl"`,
  ];
  if (wants("price") || wants("compareAtPrice")) columns.push(prices);
  if (wants("available") || wants("stock")) columns.push(stock);
  if (wants("image")) columns.push(imageAlt);
  return Prisma.join(columns);
}

const prices = Prisma.sql`coalesce((SELECT json_agg(row_to_json(c)) FROM (
    SELECT c.currency, c.amount, c.compare_at AS "compareAt" FROM prices c WHERE c.variant_id = v.id AND c.channel = 'default'
  ) c), '[]') AS prices`;

const stock = Prisma.sql`(SELECT row_to_json(s) FROM (
    SELECT s.tracked, s.oversell, s.on_hand - s.reserved AS sellable FROM stocks s
    WHERE s.variant_id = v.id AND s.location = 'default'
  ) s) AS level`;

const imageAlt = Prisma.sql`(SELECT i.alt_text FROM images i
    WHERE i.product_id = v.product_id AND i.url = v.image_url LIMIT 1) AS "imageAlt"`;
