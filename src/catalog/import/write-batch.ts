import type { Platform } from "../../platform/context";
import { type Sql, type Tx, transact } from "../../platform/database";
import type { ProductDraft, WriteResult } from "../product-draft";
import { writeProducts } from "../write-products";
import type { ParsedProduct, RefusedRow } from "./parsed-product";
import { toDraft } from "./to-draft";

/** What of the platform an import needs; with an open transaction as `db` all of it is written in that one. */
export type Shop = Pick<Platform, "clock" | "config"> & { db: Sql };
/** The currency of the file's prices, and what else is to be said of its products. */
export type Reading = { currency: string; amend: (draft: ProductDraft) => ProductDraft };

/** What became of a product; null when it was refused. `lost` are the rows that were left out. */
export type Outcome = { kind: "created" | "updated" | "unchanged" | null; lost: RefusedRow[] };

type Refusal = Extract<WriteResult, { outcome: "refused" }>;

/**
 * Writes products in one transaction. What is refused for one variant (its SKU is another product's) loses that row, and the rest of
 * the product is written; what is refused for the product as a whole loses all its rows.
 * @returns an outcome for each product, in their order
 */
export const writeBatch = (shop: Shop, products: ParsedProduct[], reading: Reading): Promise<Outcome[]> =>
  transact(shop.db, async (tx) => writeAll(tx, shop, products, reading));

async function writeAll(tx: Tx, shop: Shop, products: ParsedProduct[], reading: Reading): Promise<Outcome[]> {
  if (products.length === 0) return [];
  const results = await writeProducts(
    tx,
    shop,
    products.map((product) => reading.amend(toDraft(product, reading.currency))),
  );
  const outcomes: Outcome[] = [];
  const again: { place: number; rest: ParsedProduct }[] = [];
  for (const [place, product] of products.entries()) {
    const result = results[place];
    if (!result) throw new Error("writeProducts answers for each draft");
    if (result.outcome !== "refused") {
      outcomes.push({ kind: result.outcome, lost: [] });
      continue;
    }
    const { rest, lost } = withoutRefused(product, result);
    outcomes.push({ kind: null, lost });
    if (rest) again.push({ place, rest });
  }
  const second = await writeAll(
    tx,
    shop,
    again.map(({ rest }) => rest),
    reading,
  );
  for (const [i, { place }] of again.entries()) {
    const [first, then] = [outcomes[place], second[i]];
    if (first && then) outcomes[place] = { kind: then.kind, lost: [...first.lost, ...then.lost] };
  }
  return outcomes;
}

/** The product without the variant that was refused; null when it was refused as a whole or nothing is left of it. */
function withoutRefused(product: ParsedProduct, { message, path }: Refusal) {
  const refuse = (line: number): RefusedRow => ({ line, handle: product.handle, reason: message });
  const [list, index] = path;
  const bad = list === "variants" ? product.variants[Number(index)] : undefined;
  if (!bad) return { rest: null, lost: product.lines.map(refuse) };
  const variants = product.variants.filter((variant) => variant !== bad);
  const reason = path[2] === "sku" ? `${message} (${bad.sku})` : message;
  const lost = [{ ...refuse(bad.line), reason }];
  if (variants.length === 0) return { rest: null, lost: [...lost, ...others(product, bad.line).map(refuse)] };
  return { rest: { ...product, variants, lines: others(product, bad.line) }, lost };
}

const others = ({ lines }: ParsedProduct, line: number) => lines.filter((other) => other !== line);
