import type { Notifications } from "../notifications";
import { fragmentsOf, spreadFields } from "./documents/fragments";
import type { RequestHooks, RequestPlugin } from "./request-hooks";

/**
 * Holds a mutation's answer back until this server has heard what the mutation changed: whoever has seen it sees no older catalogue,
 * neither out of the response cache nor from a replica, and a session that it ended opens nothing any more. `sparing` names by channel the
 * mutations that change nothing of what is told there: they needn't wait, nor does anybody for what nobody here had subscribed to by now.
 */
export function hearOwnChanges(
  { caughtUp, hears }: Notifications,
  sparing: Record<string, readonly string[]>,
): RequestPlugin {
  const heard = Object.entries(sparing).filter(([channel]) => hears(channel));
  const spared = heard.map(([, names]) => new Set(names));
  const hooks: RequestHooks = {
    willSendResponse({ document, operation }) {
      if (!document || operation?.operation !== "mutation") return;
      const fields = spreadFields(operation.selectionSet, fragmentsOf(document));
      const waits = spared.some((names) => !fields.every(({ name }) => names.has(name.value)));
      return waits ? caughtUp() : undefined;
    },
  };
  return () => hooks;
}
