import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

type Scope = { requestId: string };

/** Which request the current code runs for: Apollo formats errors without telling. */
export const requestScope = new AsyncLocalStorage<Scope>();

/** A client's x-request-id when it is well-formed (it goes into logs), else a new one. */
export const requestIdOf = (header: string | string[] | undefined) =>
  typeof header === "string" && /^[\w-]{8,64}$/.test(header) ? header : randomUUID();
