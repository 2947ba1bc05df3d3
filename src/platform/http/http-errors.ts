import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import { type ErrorCode, isUnavailable } from "../errors";
import { chargeUnread } from "./charge-unread";
import { GRAPHQL_PATH } from "./paths";

/** Errors before and beside GraphQL, in GraphQL's own shape: every body is JSON. What cannot be read costs its sender points. */
export function answerErrors(server: FastifyInstance, platform: Platform) {
  const { log } = platform;
  server.setNotFoundHandler((request, reply) => {
    const known = request.url.split("?")[0] === GRAPHQL_PATH;
    if (known)
      return answerError(
        reply.header("allow", "GET, POST"),
        405,
        "BAD_REQUEST",
        "Use POST, or GET for queries.",
      );
    return answerError(reply, 404, "NOT_FOUND", `Not found. GraphQL is at ${GRAPHQL_PATH}.`);
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) chargeUnread(platform, request);
    if (status === 413) return answerError(reply, 413, "PAYLOAD_TOO_LARGE", "The body is too large.");
    if (status === 415)
      return answerError(
        reply,
        415,
        "BAD_REQUEST",
        "Send plain JSON in UTF-8 (content-type: application/json).",
      );
    if (status < 500) return answerError(reply, status, "BAD_REQUEST", "The request could not be read.");
    log.error({ err: error, requestId: request.id }, "a fault before GraphQL");
    if (isUnavailable(error))
      return answerError(reply.header("retry-after", "1"), 503, "SERVICE_UNAVAILABLE", "Try again soon.");
    return answerError(reply, 500, "INTERNAL_SERVER_ERROR", "Internal server error");
  });
}

/** An answer before or beside GraphQL, in the shape of its errors. */
export const answerError = (reply: FastifyReply, status: number, code: ErrorCode, message: string) =>
  reply.code(status).send({ errors: [{ message, extensions: { code, requestId: reply.request.id } }] });

/** A URL that cannot be decoded; fastify would repeat it in an answer of its own shape. */
export const answerBadUrl = (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
  answerError(reply, 400, "BAD_REQUEST", "The URL could not be read.");
};

/** What never became a request: headers too large, too slow, or no HTTP at all. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket) {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = UNREADABLE[error.code ?? ""] ?? "400 Bad Request";
  const body = JSON.stringify({
    errors: [{ message: "The request could not be read.", extensions: { code: "BAD_REQUEST" } }],
  });
  const head = [
    `HTTP/1.1 ${status}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const UNREADABLE: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};
