import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { Cost } from "../../platform/cost/field-cost";
import { TypicalSize } from "../../platform/cost/typical-size";
import { PageInfo } from "../../platform/types";
import { Collection } from "../collection.types";
import { Product } from "../product.types";

export const SearchSort = {
  RELEVANCE: "RELEVANCE",
  NEWEST: "NEWEST",
  PRICE_ASC: "PRICE_ASC",
  PRICE_DESC: "PRICE_DESC",
} as const;
export type SearchSort = keyof typeof SearchSort;
registerEnumType(SearchSort, { name: "SearchSort" });

@ObjectType({ simpleResolvers: true })
export class SearchEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => Product)
  node!: Product;
}

@ObjectType({ simpleResolvers: true })
export class FacetValue {
  @Field(() => String, {
    description:
      'As the filter takes it; of price "least-most" in minor units, both included; of available "true" or "false"',
  })
  value!: string;
  @Field(() => Int)
  count!: number;
}

@ObjectType({ simpleResolvers: true })
export class Facet {
  @Field(() => String, {
    description: "vendor, productType, tag, price, available, or option:<name> such as option:Size",
  })
  name!: string;
  @TypicalSize(10)
  @Field(() => [FacetValue], { description: "At most 50, the most frequent first; prices rising" })
  values!: FacetValue[];
}

@ObjectType({ simpleResolvers: true })
export class SearchConnection {
  @Field(() => [SearchEdge])
  edges!: SearchEdge[];
  @Field(() => [Product])
  nodes!: Product[];
  @Field(() => PageInfo)
  pageInfo!: PageInfo;
  @Field(() => Int)
  totalCount!: number;
  @Cost(100) // all hits are counted for each facet, however short the page
  @TypicalSize(6)
  @Field(() => [Facet], { description: "Counts over all hits, each facet ignoring its own filter" })
  facets!: Facet[];
  @Field(() => String, {
    nullable: true,
    description: "Set when the words as typed found nothing and a corrected spelling did",
  })
  correctedQuery!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Suggestion {
  @Field(() => String)
  text!: string;
  @Field(() => Product, { nullable: true })
  product!: Product | null;
  @Field(() => Collection, { nullable: true })
  collection!: Collection | null;
}
