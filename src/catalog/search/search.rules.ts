import { anyone, type Rules } from "../../platform/rules";

/** The catalogue is for everyone to search; what isn't ACTIVE is kept from all but staff by the statements themselves. */
export const searchRules: Rules = {
  Query: { search: anyone, suggestions: anyone },
  SearchConnection: anyone,
  SearchEdge: anyone,
  Facet: anyone,
  FacetValue: anyone,
  Suggestion: anyone,
};
