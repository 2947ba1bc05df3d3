import { randomUUID } from "node:crypto";
import type { RequestHooks, RequestPlugin } from "./request-hooks";

/** A client's x-request-id when it is well-formed (it goes into logs), else a new one. */
export const requestIdOf = (header: string | string[] | undefined) =>
  typeof header === "string" && /^[\w-]{8,64}$/.test(header) ? header : randomUUID();

/** Which request an error belongs to: Apollo formats errors without telling. An AsyncLocalStorage would cost every promise on Node 20. */
const requestIds = new WeakMap<Error, string>();

/** Remembers whose error it is; gives it back. */
export function belongsTo<Thrown>(requestId: string, error: Thrown): Thrown {
  if (error instanceof Error) requestIds.set(error, requestId);
  return error;
}

/** The request of an error, or of what it was made of; undefined for what happened outside of any. */
export function requestOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return requestIds.get(error) ?? requestOf((error as { originalError?: unknown }).originalError);
}

/** Tells whose errors they are, before they are formatted. */
export const rememberRequest: RequestPlugin = () => hooks;

const hooks: RequestHooks = {
  didEncounterErrors({ errors, contextValue }) {
    for (const error of errors) belongsTo(contextValue.requestId, error);
  },
};
