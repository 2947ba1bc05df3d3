import type { onRequestHookHandler } from "fastify";
import type { Platform } from "../context";
import { senderOf } from "../throttle/caller";
import { TOO_MUCH } from "../throttle/throttle";
import { answerError } from "./http-errors";

/**
 * Turns away before his body is read or he takes a place in a queue: a guest whose address has no points left, and whoever sends a token
 * from an address that has guessed too many. A flood must not keep others waiting. Accounts are looked up first (context.ts).
 */
export const turnAway =
  ({ throttle }: Platform): onRequestHookHandler =>
  (request, reply, done) => {
    const { method, url } = request;
    const isPage = method === "GET" && !url.includes("?"); // the Sandbox, which asks for nothing
    const seconds = throttle && !isPage ? throttle.emptyFor(senderOf(request)) : 0;
    if (seconds === 0) return done();
    answerError(reply.header("retry-after", String(seconds)), 429, "RATE_LIMITED", TOO_MUCH);
  };
