import { GraphQLError } from "graphql";

/** Codes of top-level errors: who-are-you, limits and faults. An expected "no" of a mutation is data (refusal.ts). */
export const errorCodes = {
  BAD_REQUEST: 400,
  PAYLOAD_TOO_LARGE: 413,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  OPERATION_RESOLUTION_FAILURE: 400,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  BAD_USER_INPUT: 200,
  UNAUTHENTICATED: 200,
  FORBIDDEN: 200,
  NOT_FOUND: 200,
  MAX_COST_EXCEEDED: 400,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
  IDEMPOTENCY_KEY_MISSING: 400,
  IDEMPOTENCY_KEY_REUSED: 200,
  IDEMPOTENCY_KEY_IN_USE: 200,
  INTERNAL_SERVER_ERROR: 200,
} as const;
export type ErrorCode = keyof typeof errorCodes;

const messages: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "Sign in first.",
  FORBIDDEN: "Not allowed.",
  NOT_FOUND: "Not found.",
  SERVICE_UNAVAILABLE: "The service is not available at the moment. Try again soon.",
  IDEMPOTENCY_KEY_MISSING: "Send an Idempotency-Key header of 8 to 128 printable characters.",
  IDEMPOTENCY_KEY_REUSED: "This Idempotency-Key was used with other input.",
  IDEMPOTENCY_KEY_IN_USE: "A request with this Idempotency-Key is still running. Try again soon.",
};

/** A top-level error of the closed list, with the HTTP status the list gives it. */
export function topLevelError(code: ErrorCode, message = messages[code] ?? code, extensions: object = {}) {
  const status = errorCodes[code];
  const http = status === 200 ? {} : { http: { status, headers: retryAfter(code) } };
  return new GraphQLError(message, { extensions: { code, ...http, ...extensions } });
}

/** RATE_LIMITED, with the seconds after which to try again. */
export const rateLimited = (message: string, seconds: number, extensions: object = {}) =>
  topLevelError("RATE_LIMITED", message, {
    http: {
      status: errorCodes.RATE_LIMITED,
      headers: new Map([["retry-after", String(Math.max(1, Math.ceil(seconds)))]]),
    },
    ...extensions,
  });

const retryAfter = (code: ErrorCode) => new Map(code === "SERVICE_UNAVAILABLE" ? [["retry-after", "1"]] : []);

/** Refuses a query's argument: BAD_USER_INPUT naming the argument, never repeating its value. */
export function badInput(argument: string, message: string): never {
  throw topLevelError("BAD_USER_INPUT", message, { fields: [argument] });
}

/** node-postgres reports a lost, silent or full pool as plain Errors: these are their texts, and the system's codes, which may stand in either. */
const LOST =
  /timeout exceeded when trying to connect|Connection terminated|connection timeout|Query read timeout|Client has encountered a connection error|ECONNREFUSED|ECONNRESET|EPIPE|EHOSTUNREACH|ETIMEDOUT|ENOTFOUND/;
/** Nobody waits any more for what a read asked the database for; so nobody else need be asked for it either. */
export class Abandoned extends Error {
  constructor() {
    super("Connection terminated: nobody waits for it any more");
  }
}
/** Prisma: transaction could not start in time, server unreachable, timed out, too many connections; lost every round of a race. */
const UNREACHABLE = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2034", "P2037"]);
/** What the adapter calls the same when a statement of our own (P2010) meets it. */
const ADAPTER_UNREACHABLE = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);
/**
 * PostgreSQL: connection lost (08), out of disk, memory or connections (53), shutting down or starting up (57P), statement cancelled by its time
 * limit, transaction idle for too long, only a standby is left, every round of a race lost.
 */
const SQL_UNAVAILABLE = /^(08...|53...|57P..|57014|25P03|25006|40001|40P01)$/;

/** The code PostgreSQL gave a statement of ours that failed, or "". */
export const sqlStateOf = (error: unknown) =>
  (error as Fault | null)?.meta?.driverAdapterError?.cause?.originalCode ?? "";

type Fault = {
  code?: string;
  message?: string;
  meta?: { driverAdapterError?: { cause?: { originalCode?: string; kind?: string } } };
};

/** Whether a fault means that the database cannot serve us now (503), rather than a bug of ours (500). */
export function isUnavailable(error: unknown): boolean {
  const { code = "", meta, message = "" } = (error as Fault | null) ?? {};
  const { originalCode = "", kind = "" } = meta?.driverAdapterError?.cause ?? {};
  return (
    UNREACHABLE.has(code) ||
    ADAPTER_UNREACHABLE.has(kind) ||
    SQL_UNAVAILABLE.test(code) ||
    SQL_UNAVAILABLE.test(originalCode) ||
    LOST.test(`${code} ${message}`)
  );
}
