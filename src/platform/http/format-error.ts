import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { type ErrorCode, errorCodes, isUnavailable, topLevelError } from "../errors";
import type { Logger } from "../log";
import { hideValues } from "./hide-values";
import { requestOf } from "./request-ids";

/**
 * What clients see of an error: those of the closed list as they are, an unreachable database as SERVICE_UNAVAILABLE, anything else
 * masked and logged once with its request id.
 */
export const formatErrors =
  (log: Logger) =>
  (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const requestId = requestOf(thrown);
    const cause = unwrapResolverError(thrown);
    const code = codeOf(formatted);
    const expected =
      cause instanceof GraphQLError && code !== "INTERNAL_SERVER_ERROR" && Object.hasOwn(errorCodes, code);
    const shownMessage = hideValues(formatted.message);
    if (expected)
      return {
        ...formatted,
        message: shownMessage,
        extensions: { ...shown(formatted.extensions), code, requestId },
      };
    const unavailable = isUnavailable(cause);
    if (unavailable) log.warn({ requestId, path: formatted.path, reason: lastLine(cause) }, NOT_AVAILABLE);
    else log.error({ err: cause, requestId, path: formatted.path }, "a fault");
    const { message, extensions } = topLevelError(
      unavailable ? "SERVICE_UNAVAILABLE" : "INTERNAL_SERVER_ERROR",
    );
    const text = unavailable ? message : "Internal server error";
    return {
      message: text,
      locations: formatted.locations,
      path: formatted.path,
      extensions: { code: extensions.code, requestId },
    };
  };

/** Told of every request that meets it, so without a stack: thousands a second may. */
const NOT_AVAILABLE = "the database is not available";
const lastLine = (error: unknown) =>
  error instanceof Error ? error.message.trim().split("\n").at(-1) : null;

/** graphql-js gives up after 50 bad variables with an error that has no code. */
const GAVE_UP = "Too many errors processing variables";

const codeOf = ({ message, extensions }: GraphQLFormattedError) =>
  (message.startsWith(GAVE_UP) ? "BAD_USER_INPUT" : String(extensions?.code)) as ErrorCode;

/** Extensions that clients may see; submitted values and stack traces are not among them. */
function shown(extensions: GraphQLFormattedError["extensions"]) {
  const names = ["fields", "validationErrorCode", "cost"].filter((name) => extensions?.[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, extensions?.[name]]));
}
