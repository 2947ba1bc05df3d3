import type { Rules } from "../../platform/rules";
import { SearchResolver, SuggestionResolver } from "./search.resolver";
import { searchRules } from "./search.rules";

/** What the catalogue's own index.ts takes in. */
export const search: { resolvers: (typeof SearchResolver | typeof SuggestionResolver)[]; rules: Rules } = {
  resolvers: [SearchResolver, SuggestionResolver],
  rules: searchRules,
};
export { indexProducts } from "./index-products";
