import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestListener } from "@apollo/server";
import type { Context } from "../context";

type Moment = "didResolveOperation" | "didEncounterErrors" | "willSendResponse";
type Hook<Name extends Moment> = (
  told: Parameters<NonNullable<GraphQLRequestListener<Context>[Name]>>[0],
) => void | Promise<void>;
/** What is done at some moments of a request. */
export type RequestHooks = { [Name in Moment]?: Hook<Name> };
/** Looks at a request as it begins; undefined when there is nothing to do for it. */
export type RequestPlugin = (request: GraphQLRequestContext<Context>) => RequestHooks | undefined;

/**
 * One plug-in for Apollo Server that does what all of these do, one after the other: of each plug-in of its own Apollo awaits each hook,
 * whether there is something to wait for or not, and a plain request has little else to do.
 */
export const joinPlugins = (plugins: RequestPlugin[]): ApolloServerPlugin<Context> => ({
  async requestDidStart(request) {
    const hooks: RequestHooks[] = [];
    for (const begin of plugins) {
      const found = begin(request);
      if (found) hooks.push(found);
    }
    return {
      async didResolveOperation(told) {
        for (const { didResolveOperation } of hooks) {
          const waiting = didResolveOperation?.(told);
          if (waiting) await waiting;
        }
      },
      async didEncounterErrors(told) {
        for (const { didEncounterErrors } of hooks) {
          const waiting = didEncounterErrors?.(told);
          if (waiting) await waiting;
        }
      },
      async willSendResponse(told) {
        for (const { willSendResponse } of hooks) {
          const waiting = willSendResponse?.(told);
          if (waiting) await waiting;
        }
      },
    };
  },
});
