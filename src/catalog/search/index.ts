import type { Rules } from "../../platform/rules";
import { SearchResolver } from "./search.resolver";
import { searchRules } from "./search.rules";

/** What the catalogue's own index.ts takes in. */
export const search: { resolvers: (typeof SearchResolver)[]; rules: Rules } = {
  resolvers: [SearchResolver],
  rules: searchRules,
};
