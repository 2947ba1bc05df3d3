import type { GraphQLSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import { accounts } from "./accounts";
import { catalog } from "./catalog";
import { checkout } from "./checkout";
import { orders } from "./orders";
import { payments } from "./payments";
import type { Feature } from "./platform/feature";
import { guard } from "./platform/guard";
import { markSensitive } from "./platform/http/documents/sensitive-mutations";
import { NodeResolver, nodeRules } from "./platform/node.resolver";
import type { Rules } from "./platform/rules";
import { forgetAllowances } from "./platform/throttle/forget-allowances";
import { forgetCallers } from "./platform/throttle/forget-callers";
import { settlement } from "./settlement";

/** The one list of features. */
export const features: Feature[] = [
  { resolvers: [NodeResolver], rules: nodeRules, sweeps: [forgetCallers, forgetAllowances] },
  accounts,
  catalog,
  payments,
  orders,
  checkout,
  settlement,
];

/** The features' node loaders by id prefix. */
export const nodes: NonNullable<Feature["nodes"]> = Object.assign(
  {},
  ...features.map((feature) => feature.nodes),
);

/** What the features say in lists of names. */
export const namesOf = (
  list: "sensitive" | "urgent" | "cacheable" | "sparesCatalog" | "sparesSessions",
): string[] => features.flatMap((feature) => feature[list] ?? []);

/** Every field's rule. */
export const rules = mergeRules(features.map((feature) => feature.rules));

/**
 * The whole schema behind its guard. Throws when a field has no rule.
 * Operations check values and refuse with the contract's codes, so Type-GraphQL's own validation is off.
 */
export function createSchema(): GraphQLSchema {
  // biome-ignore lint/complexity/noBannedTypes: Type-GraphQL takes resolver classes as Function
  const resolvers = features.flatMap((feature) => feature.resolvers) as NonEmptyArray<Function>;
  const schema = buildSchemaSync({ resolvers, validate: false });
  const guarded = guard(schema, rules);
  return markSensitive(guarded, namesOf("sensitive"));
}

/** Features add fields to each other's types: a type's field rules are joined, a rule for all its fields stands alone. */
function mergeRules(parts: Rules[]): Rules {
  const merged: Rules = {};
  for (const [type, rules] of parts.flatMap((part) => Object.entries(part))) {
    const known = merged[type];
    merged[type] = known === undefined ? rules : { ...(known as object), ...(rules as object) };
  }
  return merged;
}
