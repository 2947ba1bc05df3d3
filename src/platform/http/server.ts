import type { IncomingHttpHeaders } from "node:http";
import cors from "@fastify/cors";
import Fastify, { type FastifyInstance } from "fastify";
import type { Platform } from "../context";
import { watchDoor } from "./door";
import { openGates } from "./gates";
import { addGraphql, type GraphqlParts } from "./graphql";
import { addHealth } from "./health";
import { answerBadUrl, answerErrors, answerUnreadable } from "./http-errors";
import { BODY_LIMIT } from "./large-body";
import { watchLoad } from "./load";
import { requestIdOf } from "./request-ids";

/** Paths beside GraphQL, in a scope of their own. */
type Routes = (server: FastifyInstance, platform: Platform) => void;

/** The HTTP side: one GraphQL path, two health checks, JSON for everything else. */
export async function createHttpServer(parts: GraphqlParts, routes: Routes[] = []) {
  const { platform, door } = parts;
  const { config, log } = platform;
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    // With a function the addresses before ours are read out of each request's headers, to be trusted or not.
    trustProxy:
      config.http.trustProxy > 0 && ((_address: string, hop: number) => hop < config.http.trustProxy),
    genReqId: (request) => requestIdOf(request.headers["x-request-id"]),
    requestTimeout: 15_000,
    connectionTimeout: 45_000, // of one that is asked and answered but not read; no answer of ours takes so long
    keepAliveTimeout: 72_000, // longer than balancers keep theirs, so that they never reuse a closed one
    forceCloseConnections: "idle",
    return503OnClosing: false, // what was sent before the sender could know is answered
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 },
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false },
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerUnreadable,
  });
  answerErrors(server, platform);
  watchDoor(server, door, config.limits.connections);
  const gates = openGates(platform, door);
  const load = watchLoad(server, platform.pool, gates.othersWaited);
  server.addHook("onRequest", (request, reply, done) => {
    reply.headers({
      "x-request-id": request.id,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store, private",
      vary: "Authorization, Origin",
    });
    done();
  });
  acceptJsonOnly(server);
  await server.register(cors, corsOptions(config));
  server.addHook("onResponse", (request, reply, done) => {
    const { method, id: requestId } = request;
    log.info(
      {
        requestId,
        method,
        path: request.routeOptions.url ?? request.url.split("?")[0], // what is in the place of a parameter may be a secret
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      "request",
    );
    done();
  });
  await server.register(async (scope) => addGraphql(scope, parts, { load, gates }));
  addHealth(server, platform, door, load);
  for (const add of routes) await server.register(async (scope) => add(scope, platform));
  return server;
}

/** Bodies are JSON in UTF-8, uncompressed: others are refused before they are read. */
function acceptJsonOnly(server: FastifyInstance) {
  server.removeContentTypeParser("text/plain");
  server.addHook("preParsing", ({ headers }, reply, payload, done) => {
    if (isPlainUtf8(headers)) return done(null, payload);
    reply.header("connection", "close");
    done(Object.assign(new Error("Send plain JSON in UTF-8."), { statusCode: 415 }));
  });
}

function isPlainUtf8(headers: IncomingHttpHeaders): boolean {
  const charset =
    /charset=([^;]+)/i
      .exec(headers["content-type"] ?? "")?.[1]
      ?.trim()
      .toLowerCase() ?? "utf-8";
  return (headers["content-encoding"] || "identity") === "identity" && ["utf-8", '"utf-8"'].includes(charset);
}

/** In development any page of this machine and Apollo Sandbox may call; otherwise only the listed origins. Never with cookies. */
function corsOptions({ production, http }: Platform["config"]) {
  const development = [/^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/, "https://studio.apollographql.com"];
  return {
    origin: [...(http.corsOrigins ?? (production ? [] : development))],
    methods: ["GET", "POST"],
    allowedHeaders: [
      "authorization",
      "content-type",
      "idempotency-key",
      "x-request-id",
      "apollo-require-preflight",
      "x-apollo-operation-name",
    ],
    exposedHeaders: ["x-request-id", "retry-after"],
    maxAge: 600,
    strictPreflight: false, // an OPTIONS that is no preflight is answered like one, instead of in plain text
  };
}
