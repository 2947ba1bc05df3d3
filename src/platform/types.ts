import { Field, ID, InputType, InterfaceType, ObjectType } from "type-graphql";
import { type Money as Amount, toDecimal } from "./money";
import { CurrencyCode, MinorUnits } from "./scalars";

/** Rows that may come out of `node` say which type they are. */
@InterfaceType({ resolveType: (value: { __typename: string }) => value.__typename })
export abstract class Node {
  @Field(() => ID)
  id!: string;
}

@InterfaceType({
  description: "Every refusal is one of these; each feature has its own closed list of codes.",
  resolveType: (value: { __typename: string }) => value.__typename,
})
export abstract class UserError {
  @Field(() => String)
  message!: string;
  @Field(() => [String], { description: 'Where in the input, e.g. ["lines", "0", "quantity"]' })
  path!: string[];
}

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;
  @Field(() => Boolean)
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true })
  startCursor!: string | null;
  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Money {
  @Field(() => MinorUnits)
  amount!: bigint;
  @Field(() => CurrencyCode)
  currency!: string;
  @Field(() => String, {
    description: 'With the currency\'s own number of decimals: 12.34 EUR → "12.34", 500 JPY → "500"',
  })
  decimal!: string | (() => string);
}

@InputType()
export class MoneyInput {
  @Field(() => MinorUnits)
  amount!: bigint;
  @Field(() => CurrencyCode)
  currency!: string;
}

/** The wire form of an amount of minor units; `amount` may come from SQL as an integer. */
export function money(amount: bigint | number, currency: string) {
  return {
    amount: BigInt(amount),
    currency,
    decimal: () => toDecimal({ amount: BigInt(amount), currency } satisfies Amount),
  };
}
