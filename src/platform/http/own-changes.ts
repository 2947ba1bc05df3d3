import type { Notifications } from "../notifications";
import { fragmentsOf, spreadFields } from "./documents/fragments";
import type { RequestHooks, RequestPlugin } from "./request-hooks";

/**
 * Holds a mutation's answer back until this server has heard what the mutation changed: whoever has seen it sees no older catalogue,
 * neither out of the response cache nor from a replica. The mutations `sparing` leave the catalogue alone and needn't wait.
 */
export function hearOwnChanges({ caughtUp }: Notifications, sparing: ReadonlySet<string>): RequestPlugin {
  const hooks: RequestHooks = {
    willSendResponse({ document, operation }) {
      if (!document || operation?.operation !== "mutation") return;
      const fields = spreadFields(operation.selectionSet, fragmentsOf(document));
      return fields.every(({ name }) => sparing.has(name.value)) ? undefined : caughtUp();
    },
  };
  return () => hooks;
}
