import type { Page } from "../../platform/connection";
import type { Context } from "../../platform/context";
import { badInput } from "../../platform/errors";
import type { Names } from "../../platform/selected-names";
import { isPlainText } from "../../platform/text";
import type { ProductFilter } from "../product-filter.types";
import { correctQuery } from "./correct-query";
import { findHits, type Hits } from "./find-hits";
import { parseQuery } from "./parse-query";
import type { SearchSort } from "./search.types";

export type SearchRequest = {
  query: string;
  filter: ProductFilter | null | undefined;
  sort: SearchSort;
  page: Page;
  /** What is asked for (Lookup) */
  names: Names;
};
type SearchResult = Hits & { correctedQuery: string | null };

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
  const typed = { ...(await findHits(ctx, { ...request, query: parseQuery(query) })), correctedQuery: null };
  if (typed.total > 0) return typed;
  const correctedQuery = await correctQuery(ctx, query);
  if (correctedQuery === null) return typed;
  const found = await findHits(ctx, { ...request, query: parseQuery(correctedQuery) });
  return found.total > 0 ? { ...found, correctedQuery } : typed;
}
