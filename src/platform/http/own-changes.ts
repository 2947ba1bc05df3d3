import type { ApolloServerPlugin } from "@apollo/server";
import type { Context } from "../context";
import type { Notifications } from "../notifications";
import { fragmentsOf, spreadFields } from "./documents/fragments";

/**
 * Holds a mutation's answer back until this server has heard what the mutation changed: whoever has seen it sees no older catalogue,
 * neither out of the response cache nor from a replica. The mutations `sparing` leave the catalogue alone and needn't wait.
 */
export const hearOwnChanges = (
  { caughtUp }: Notifications,
  sparing: ReadonlySet<string>,
): ApolloServerPlugin<Context> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ document, operation }) {
        if (!document || operation?.operation !== "mutation") return;
        const fields = spreadFields(operation.selectionSet, fragmentsOf(document));
        if (!fields.every(({ name }) => sparing.has(name.value))) await caughtUp();
      },
    };
  },
});
