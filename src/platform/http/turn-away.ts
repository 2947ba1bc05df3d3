import type { onRequestHookHandler } from "fastify";
import type { Platform } from "../context";
import { callerOf } from "../throttle/caller";
import { TOO_MUCH } from "../throttle/throttle";
import { answerError } from "./http-errors";

/**
 * Turns a guest whose address has no points left away before his body is read or he takes a place in a queue: a flood must not keep
 * others waiting. Who sends a token is looked up first (context.ts).
 */
export const turnAwayGuests =
  ({ throttle }: Platform): onRequestHookHandler =>
  ({ method, url, headers, ip }, reply, done) => {
    const isPage = method === "GET" && !url.includes("?"); // the Sandbox, which asks for nothing
    const isGuest = headers.authorization === undefined;
    const seconds = throttle && isGuest && !isPage ? throttle.emptyFor(callerOf(null, ip)) : 0;
    if (seconds === 0) return done();
    answerError(reply.header("retry-after", String(seconds)), 429, "RATE_LIMITED", TOO_MUCH);
  };
