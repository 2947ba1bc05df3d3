import type { ApolloServerPlugin } from "@apollo/server";
import type { FormattedExecutionResult } from "graphql";
import type { Context } from "../context";
import { fragmentsOf, spreadFields } from "../http/documents/fragments";
import type { PublicOperations } from "./public-operations";
import type { ResponseCache } from "./response-cache";

/** By the request's memo: Apollo Server copies the context. */
const results = new WeakMap<Context["memo"], FormattedExecutionResult>();
/** A request's result when it is the same for everyone and has no errors. */
export const publicResultOf = (ctx: Context) => results.get(ctx.memo);

/**
 * Notes which answers may be kept, and holds a mutation's answer back until this server has forgotten what the mutation changed:
 * whoever has seen it sees no older catalogue. The mutations `sparing` leave the catalogue alone and needn't wait.
 */
export function responseCachePlugin(
  cache: ResponseCache,
  isPublic: PublicOperations,
  sparing: ReadonlySet<string>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, document, operation, response: { body } }) {
          if (!document || !operation) return;
          if (operation.operation === "mutation") {
            const fields = spreadFields(operation.selectionSet, fragmentsOf(document));
            if (!fields.every(({ name }) => sparing.has(name.value))) await cache.caughtUp();
            return;
          }
          const result = body.kind === "single" && !body.singleResult.errors ? body.singleResult : null;
          if (result && contextValue.viewer === null && isPublic(document, operation))
            results.set(contextValue.memo, result);
        },
      };
    },
  };
}
