import type { FormattedExecutionResult } from "graphql";
import type { Context } from "../context";
import type { RequestHooks, RequestPlugin } from "../http/request-hooks";
import type { PublicOperations } from "./public-operations";

/** By the request's memo: Apollo Server copies the context. */
const results = new WeakMap<Context["memo"], FormattedExecutionResult>();
/** A request's result when it is the same for everyone and has no errors. */
export const publicResultOf = (ctx: Context) => results.get(ctx.memo);

/** Notes which answers may be kept. */
export function responseCachePlugin(isPublic: PublicOperations): RequestPlugin {
  const hooks: RequestHooks = {
    willSendResponse({ contextValue, document, operation, response: { body } }) {
      if (!document || operation?.operation !== "query" || contextValue.viewer !== null) return;
      const result = body.kind === "single" && !body.singleResult.errors ? body.singleResult : null;
      if (result && isPublic(document, operation)) results.set(contextValue.memo, result);
    },
  };
  return () => hooks;
}
