import { Prisma } from "../generated/prisma/client";
import type { Names } from "./selected-names";
import { variantColumns } from "./variant-columns";

const column = (wanted: boolean, sql: Prisma.Sql) => (wanted ? [sql] : []);

/**
 * What a product's row holds, as a select list over alias `p` (products); toProduct makes the row of it. Lists and texts that
 * nobody selected stay in the database; without `names` all is fetched.
 */
export function productColumns(names?: Names): Prisma.Sql {
  const wants = (name: string) => !names || names.has(name);
  const variants = wants("variants");
  return Prisma.join([
    Prisma.sql`p.id AS uuid, p.handle, p.title, p.vendor, p.product_type AS "productType", p.tags, p.status, p.available,
      p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`,
    ...column(wants("descriptionHtml"), Prisma.sql`p.description_html AS "descriptionHtml"`),
    ...column(wants("images"), images),
    ...column(wants("options") || (variants && wants("selectedOptions")), options),
    ...column(wants("priceRange"), priceRanges),
    ...column(variants, variantsOf(names)),
  ]);
}

const images = Prisma.sql`coalesce((SELECT json_agg(row_to_json(i) ORDER BY i.position) FROM (
    SELECT i.position, i.url, i.alt_text AS "altText", i.width, i.height FROM images i WHERE i.product_id = p.id
  ) i), '[]') AS images`;

const options = Prisma.sql`coalesce((SELECT json_agg(row_to_json(o) ORDER BY o.position) FROM (
    SELECT o.position, o.name, o.values FROM product_options o WHERE o.product_id = p.id
  ) o), '[]') AS options`;

const priceRanges = Prisma.sql`coalesce((SELECT json_agg(row_to_json(r)) FROM (
    SELECT r.currency, r.min_amount AS min, r.max_amount AS max FROM product_price_ranges r WHERE r.product_id = p.id
  ) r), '[]') AS "priceRanges"`;

const variantsOf = (
  names?: Names,
) => Prisma.sql`coalesce((SELECT json_agg(row_to_json(v) ORDER BY v.position) FROM (
    SELECT ${variantColumns(names)} FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL
  ) v), '[]') AS variants`;
