import type { Variables } from "./list-size";
import type { CostPlan } from "./plan";

/** Points that an operation may come to: every list as long as it was asked for, or as it usually is. */
export function requestedCost({ base, each, size, children }: CostPlan, variables: Variables): number {
  let one = each;
  for (const child of children) one += requestedCost(child, variables);
  return base + (typeof size === "function" ? size(variables) : size) * one;
}

/** Points that an answer came to: the objects in it, and what is paid for asking. */
export function actualCost({ children }: CostPlan, data: object | null | undefined): number {
  let sum = 0;
  for (const child of children)
    sum += child.base + (child.each === 0 ? 0 : countObjects(child, (data as Answered | null)?.[child.key]));
  return sum;
}

type Answered = Record<string, object | null | undefined>;

function countObjects(plan: CostPlan, value: object | null | undefined): number {
  if (!value) return 0;
  if (!Array.isArray(value)) return 1 + (plan.children.length === 0 ? 0 : actualCost(plan, value));
  if (plan.children.length === 0) return value.length;
  let sum = 0;
  for (const item of value) sum += countObjects(plan, item);
  return sum;
}
