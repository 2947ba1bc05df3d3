import type { onRequestHookHandler } from "fastify";
import type { Platform } from "../context";
import { callerOf, guesserAt } from "../throttle/caller";
import { TOO_MUCH } from "../throttle/throttle";
import { answerError } from "./http-errors";

/**
 * Turns away before his body is read or he takes a place in a queue: a guest whose address has no points left, and whoever sends a token
 * from an address that has guessed too many. A flood must not keep others waiting. Accounts are looked up first (context.ts).
 */
export const turnAway =
  ({ throttle }: Platform): onRequestHookHandler =>
  ({ method, url, headers, ip }, reply, done) => {
    const isPage = method === "GET" && !url.includes("?"); // the Sandbox, which asks for nothing
    const caller = headers.authorization === undefined ? callerOf(null, ip) : guesserAt(ip);
    const seconds = throttle && !isPage ? throttle.emptyFor(caller) : 0;
    if (seconds === 0) return done();
    answerError(reply.header("retry-after", String(seconds)), 429, "RATE_LIMITED", TOO_MUCH);
  };
