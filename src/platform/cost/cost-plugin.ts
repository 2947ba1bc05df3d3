import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { Platform } from "../context";
import { topLevelError } from "../errors";
import type { RequestPlugin } from "../http/request-hooks";
import { callerOf } from "../throttle/caller";
import { type CostReport, costReport } from "./cost-report";
import type { Variables } from "./list-size";
import { type CostPlan, planCost } from "./plan";
import { actualCost, requestedCost } from "./query-cost";
import { checkListSizes } from "./typical-size";

/** Also `{ __typename }` had to be read. */
const LEAST = 1;

/** An operation and what it may cost; `admitted` once its caller has paid, `available` is what that left him. */
type Priced = { plan: CostPlan; requested: number; caller: string; admitted: boolean; available: number };

/**
 * Prices every operation before it is executed: beyond the limit of one request it is refused with MAX_COST_EXCEEDED, beyond what its
 * caller has left with RATE_LIMITED. What the answer did not come to is given back. Throws at start for a list of unknown length.
 */
export function costPlugin(schema: GraphQLSchema, platform: Platform): RequestPlugin {
  checkListSizes(schema);
  const { throttle } = platform;
  const planOf = plansOf(schema);
  return ({ contextValue }) => {
    const caller = callerOf(contextValue.viewer, contextValue.ip); // whoever logs out meanwhile pays all the same
    let priced: Priced | null = null;
    contextValue.points.counted = true;
    return {
      async didResolveOperation({ document, operation, request }) {
        if (!operation) return; // executing it says so
        const plan = planOf(document, operation);
        const requested = Math.max(LEAST, requestedCost(plan, (request.variables ?? {}) as Variables));
        priced = { plan, requested, caller, admitted: false, available: throttle?.peek(caller) ?? 0 };
        await pay(priced, platform);
      },
      willSendResponse({ response: { body } }) {
        if (!priced) throttle?.refused(caller);
        else if (body.kind === "single") {
          const cost = settle(priced, body.singleResult, platform);
          body.singleResult.extensions = { ...body.singleResult.extensions, cost };
        }
      },
    };
  };
}

/** Takes what the operation may cost, before anything is executed. @throws MAX_COST_EXCEEDED, RATE_LIMITED */
async function pay(priced: Priced, { config, throttle }: Platform): Promise<void> {
  const { requested, caller } = priced;
  const { cost, throttle: refill } = config.limits;
  const limit = throttle ? Math.min(cost.perRequest, refill.bucket) : cost.perRequest;
  if (requested > limit) {
    if (throttle) priced.available = throttle.refused(caller);
    const message = `This would cost ${requested} points; ${limit} are the most. Ask for shorter lists, or in several requests.`;
    throw topLevelError("MAX_COST_EXCEEDED", message, { cost: costReport(priced, null, throttle) });
  }
  if (throttle) {
    const { granted, available } = await throttle.take(caller, requested);
    priced.available = available;
    if (!granted) throw throttle.refusal(requested - available, { cost: costReport(priced, null, throttle) });
  }
  priced.admitted = true;
}

type Result = { data?: object | null; errors?: readonly unknown[] };

/**
 * Gives back what the answer did not come to, or takes what it came to beyond. Of an answer with errors nothing is given back: what an
 * error has removed from it was done all the same.
 */
function settle(priced: Priced, { data, errors }: Result, { throttle }: Platform): CostReport {
  if (!priced.admitted) return costReport(priced, null, throttle);
  const actual = Math.max(errors ? priced.requested : LEAST, actualCost(priced.plan, data));
  if (throttle) priced.available = throttle.adjust(priced.caller, priced.requested - actual);
  return costReport(priced, actual, throttle);
}

/** Plans by operation: documents are cached, and what hangs on their nodes goes with them. */
function plansOf(schema: GraphQLSchema) {
  const plans = new WeakMap<OperationDefinitionNode, CostPlan>();
  return (document: DocumentNode, operation: OperationDefinitionNode) => {
    const known = plans.get(operation);
    if (known) return known;
    const plan = planCost(schema, document, operation);
    plans.set(operation, plan);
    return plan;
  };
}
