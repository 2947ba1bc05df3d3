import { topLevelError } from "../errors";
import { fragmentsOf, spreadFields } from "./documents/fragments";
import type { RequestHooks, RequestPlugin } from "./request-hooks";

/** An Idempotency-Key stands for one thing done: it is refused on a document that does several. */
export const oneMutationPerKey: RequestPlugin = () => hooks;

const hooks: RequestHooks = {
  didResolveOperation({ contextValue, operation, document }) {
    if (contextValue.idempotencyKey === null || operation?.operation !== "mutation") return;
    if (spreadFields(operation.selectionSet, fragmentsOf(document)).length > 1)
      throw topLevelError(
        "IDEMPOTENCY_KEY_MISSING",
        "An Idempotency-Key goes with one mutation field: send the others on their own.",
      );
  },
};
