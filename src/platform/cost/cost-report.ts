import type { Throttle, ThrottleStatus } from "../throttle/throttle";

/** `extensions.cost` of an answer, in the shape of Shopify's; `actualQueryCost` is null when nothing was executed. */
export type CostReport = {
  requestedQueryCost: number;
  actualQueryCost: number | null;
  /** Absent where callers aren't throttled */
  throttleStatus?: ThrottleStatus;
};

/** What a request of `requested` points came to (`actual`), and how many points that left its caller (`available`). */
export const costReport = (
  { requested, available }: { requested: number; available: number },
  actual: number | null,
  throttle: Throttle | null,
): CostReport => ({
  requestedQueryCost: requested,
  actualQueryCost: actual,
  ...(throttle && { throttleStatus: throttle.status(available) }),
});
