import type { GraphQLField } from "graphql";
import { Extensions } from "type-graphql";

/** Says how many points a field costs beside the objects it answers with, for work that these don't show. */
export const Cost = (points: number) => Extensions({ cost: points });

/** What was declared by `Cost`; 0 as a rule. */
export const declaredCost = ({ extensions }: GraphQLField<unknown, unknown>): number =>
  (extensions as { cost?: number }).cost ?? 0;
