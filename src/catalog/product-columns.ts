import { Prisma } from "../generated/prisma/client";
import type { Names } from "../platform/selected-names";

/** FROM: a product's row as `p` and the documents of what hangs below it as `d`. */
export const productTables = Prisma.sql`products p JOIN product_documents d ON d.product_id = p.id`;

/**
 * As productTables, for a page of products: `rows` selects `p.*` and more. Documents are looked up for what is on the page, never for what was
 * only sorted. To be sorted once more, since a join promises no order: what comes in order costs nothing then.
 */
export const productPage = (rows: Prisma.Sql) =>
  Prisma.sql`(${rows}) p JOIN product_documents d ON d.product_id = p.id`;

/** Each column by the name of the field that needs it; documents come as text, which toProduct reads. */
const columns: Record<string, Prisma.Sql> = {
  handle: Prisma.sql`p.handle`,
  title: Prisma.sql`p.title`,
  descriptionHtml: Prisma.sql`p.description_html AS "descriptionHtml"`,
  vendor: Prisma.sql`p.vendor`,
  productType: Prisma.sql`p.product_type AS "productType"`,
  tags: Prisma.sql`p.tags`,
  available: Prisma.sql`p.available`,
  version: Prisma.sql`p.version`,
  createdAt: Prisma.sql`p.created_at AS "createdAt"`,
  updatedAt: Prisma.sql`p.updated_at AS "updatedAt"`,
  images: Prisma.sql`d.images::text AS images`,
  options: Prisma.sql`d.options::text AS options`,
  priceRange: Prisma.sql`d.price_ranges::text AS "priceRanges"`,
  variants: Prisma.sql`d.variants::text AS variants`,
  collections: Prisma.sql`(SELECT json_agg(c) FROM (
      SELECT c.id AS uuid, c.handle, c.title, c.description_html AS "descriptionHtml", c.parent_id AS "parentUuid"
      FROM product_collections pc JOIN collections c ON c.id = pc.collection_id WHERE pc.product_id = p.id ORDER BY c.title, c.id
    ) c)::text AS collections`,
};

/**
 * What a product's row holds, as a select list over productTables; toProduct makes the row of it. What nobody selected stays in the
 * database; without `names` all is fetched.
 */
export function productColumns(names?: Names): Prisma.Sql {
  const wanted = Object.entries(columns).flatMap(([name, sql]) => (!names || names.has(name) ? [sql] : []));
  return Prisma.join([Prisma.sql`p.id AS uuid, p.status`, ...wanted]);
}
