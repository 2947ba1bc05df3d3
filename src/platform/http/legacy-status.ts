import type { ErrorCode } from "../errors";
import type { RequestHooks, RequestPlugin } from "./request-hooks";

/** What is wrong with the document or its variables, rather than with the request that brought it. */
const REFUSED_DOCUMENTS: readonly (ErrorCode | undefined)[] = [
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_USER_INPUT",
];

/** Whether a client that sends this header takes application/json, but no application/graphql-response+json. */
export const takesOnlyJson = (accept = ""): boolean =>
  accept.includes("application/json") && !accept.includes("application/graphql-response+json");

/**
 * Clients that take application/json and nothing newer are answered 200 also when their document is refused, as GraphQL over HTTP asks
 * (section 6.4.1): to them another status means that no GraphQL server answered. All others are answered 400.
 */
export const legacyStatus: RequestPlugin = ({ contextValue }) =>
  contextValue.takesOnlyJson ? hooks : undefined;

const hooks: RequestHooks = {
  willSendResponse({ response: { http, body } }) {
    const errors = body.kind === "single" ? (body.singleResult.errors ?? []) : [];
    if (http.status === 400 && errors.every(({ extensions }) => isRefusedDocument(extensions?.code)))
      http.status = 200;
  },
};

const isRefusedDocument = (code: unknown) => REFUSED_DOCUMENTS.includes(code as ErrorCode);
