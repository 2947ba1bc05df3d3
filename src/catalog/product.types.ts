import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { ProductStatus } from "../generated/prisma/enums";
import { connectionTypes } from "../platform/connection.types";
import { TypicalSize } from "../platform/cost/typical-size";
import { DateTime } from "../platform/scalars";
import { Money, Node } from "../platform/types";
import { Collection } from "./collection.types";
import { takesCurrency } from "./takes-currency";

registerEnumType(ProductStatus, { name: "ProductStatus" });

export const ProductSort = {
  TITLE: "TITLE",
  NEWEST: "NEWEST",
  PRICE_ASC: "PRICE_ASC",
  PRICE_DESC: "PRICE_DESC",
} as const;
export type ProductSort = keyof typeof ProductSort;
registerEnumType(ProductSort, { name: "ProductSort" });

@ObjectType({ simpleResolvers: true })
export class Image {
  @Field(() => String)
  url!: string;
  @Field(() => String, { nullable: true })
  altText!: string | null;
  @Field(() => Int, { nullable: true })
  width!: number | null;
  @Field(() => Int, { nullable: true })
  height!: number | null;
}

@ObjectType({ simpleResolvers: true })
export class ProductOption {
  @Field(() => String)
  name!: string;
  @Field(() => [String])
  values!: string[];
}

@ObjectType({ simpleResolvers: true })
export class SelectedOption {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  value!: string;
}

@ObjectType({ simpleResolvers: true })
export class PriceRange {
  @Field(() => Money)
  min!: Money;
  @Field(() => Money)
  max!: Money;
}

const inCurrencyGiven =
  "In the shop's own currency when none is given; null where it has no price in that currency";

@ObjectType({ implements: Node, simpleResolvers: true })
export class Product extends Node {
  @Field(() => String)
  handle!: string;
  @Field(() => String)
  title!: string;
  @Field(() => String, { description: "HTML, sanitised when it is written" })
  descriptionHtml!: string;
  @Field(() => String, { nullable: true })
  vendor!: string | null;
  @Field(() => String, { nullable: true })
  productType!: string | null;
  @Field(() => [String])
  tags!: string[];
  @Field(() => ProductStatus)
  status!: ProductStatus;
  @TypicalSize(2)
  @Field(() => [Image])
  images!: Image[];
  @TypicalSize(1)
  @Field(() => [ProductOption])
  options!: ProductOption[];
  @TypicalSize(2)
  @Field(() => [Variant])
  variants!: Variant[];
  @takesCurrency
  @Field(() => PriceRange, { nullable: true, description: inCurrencyGiven })
  priceRange!: PriceRange | null;
  @Field(() => Boolean)
  available!: boolean;
  @Field(() => Int, {
    description: "Rises with every change; give it back as expectedVersion to change only what you saw",
  })
  version!: number;
  @Field(() => DateTime)
  createdAt!: string;
  @Field(() => DateTime)
  updatedAt!: string;
  @TypicalSize(1)
  @Field(() => [Collection])
  collections!: Collection[];
}

@ObjectType({ implements: Node, simpleResolvers: true })
export class Variant extends Node {
  @Field(() => String, { nullable: true })
  sku!: string | null;
  @Field(() => String)
  title!: string;
  @TypicalSize(1)
  @Field(() => [SelectedOption])
  selectedOptions!: SelectedOption[];
  @takesCurrency
  @Field(() => Money, { nullable: true, description: inCurrencyGiven })
  price!: Money | null;
  @takesCurrency
  @Field(() => Money, { nullable: true })
  compareAtPrice!: Money | null;
  @Field(() => Image, { nullable: true })
  image!: Image | null;
  @Field(() => Boolean)
  available!: boolean;
  @Field(() => Int, {
    nullable: true,
    description: "Staff only: what can still be sold (on hand less reserved); null when stock isn't tracked",
  })
  stock!: number | null;
  @Field(() => Product)
  product!: Product;
}

export const ProductConnection = connectionTypes("Product", () => Product);
