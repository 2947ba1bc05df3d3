import type { Page } from "../../platform/connection";
import type { Context } from "../../platform/context";
import { badInput } from "../../platform/errors";
import { isPlainText } from "../../platform/text";
import type { ProductFilter } from "../product-filter.types";
import type { Names } from "../selected-names";
import { correctQuery } from "./correct-query";
import { parseQuery } from "./parse-query";
import { countHits, type HitPage, type Lookup, readHits } from "./read-hits";
import type { SearchSort } from "./search.types";

export type SearchRequest = {
  query: string;
  filter: ProductFilter | null | undefined;
  sort: SearchSort;
  page: Page;
  /** What of the products is asked for; all when left out */
  names?: Names;
};
/** `hits` are one more than the page when there are more; `lookup` is what found them. */
type SearchResult = HitPage & { lookup: Lookup; correctedQuery: string | null };

const LONGEST_QUERY = 200;

/** A text somebody types to find something, or BAD_USER_INPUT naming the argument. */
export function requireQuery(text: string, argument: string): string {
  // One ligature can be a sentence once it is normalised, and PostgreSQL refuses lexemes past 2 kB.
  if (isPlainText(text, LONGEST_QUERY) && text.normalize("NFKC").length <= LONGEST_QUERY) return text;
  return badInput(argument, `At most ${LONGEST_QUERY} characters, none of them control characters.`);
}

/**
 * One page of what has all words of the query. Blanks find everything. When the words as typed find nothing, those that no
 * product has are corrected; `correctedQuery` tells it if that found something.
 */
export async function searchProducts(ctx: Context, request: SearchRequest): Promise<SearchResult> {
  const query = requireQuery(request.query, "query");
  const asTyped = { query: parseQuery(query), filter: request.filter };
  const typed = { ...(await readHits(ctx, asTyped, request)), lookup: asTyped, correctedQuery: null };
  if (typed.hits.length > 0) return typed;
  // Nothing after a cursor may be the end of what was found.
  if (request.page.cursor && (await countHits(ctx, asTyped, request.sort)) > 0) return typed;

  const correctedQuery = await correctQuery(ctx, query);
  if (correctedQuery === null) return typed;
  const lookup = { query: parseQuery(correctedQuery), filter: request.filter };
  const found = await readHits(ctx, lookup, request);
  const isAnswer =
    found.hits.length > 0 || (request.page.cursor && (await countHits(ctx, lookup, request.sort)) > 0);
  return isAnswer ? { ...found, lookup, correctedQuery } : typed;
}
