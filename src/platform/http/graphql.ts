import { type ApolloServer, HeaderMap } from "@apollo/server";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context, Platform } from "../context";
import type { ResponseCache } from "../response-cache/response-cache";
import { callerOf } from "../throttle/caller";
import { admission } from "./admission";
import { chargeUnread } from "./charge-unread";
import { contextOf, type Identify } from "./context";
import type { Door } from "./door";
import type { Gates } from "./gates";
import { keptAnswers } from "./kept-answers";
import type { Load } from "./load";
import { GRAPHQL_PATH } from "./paths";
import { turnAway } from "./turn-away";

/** What Apollo Server reads of a request's headers beside `accept`: copying all of them would cost each request more. */
const READ_HEADERS = ["content-type", "x-apollo-operation-name", "apollo-require-preflight"];
/** What clients accept that get JSON: anything, or just that. */
const ANSWERED_IN_JSON = ["*/*", "application/json"];

export type GraphqlParts = {
  platform: Platform;
  apollo: ApolloServer<Context>;
  identify: Identify;
  cache: ResponseCache | null;
  door: Door;
  /** Queries and mutations that go before others, by name */
  urgent: string[];
};

/** The GraphQL path: GET and POST go to Apollo Server, whose answer goes back as it is; answers that were kept don't get so far. */
export function addGraphql(
  server: FastifyInstance,
  { platform, apollo, identify, cache, door, urgent }: GraphqlParts,
  { load, gates }: { load: Load; gates: Gates },
) {
  const admit = admission(platform, { urgent, load, gates, door });
  const buildContext = contextOf(platform, identify);
  /** A body that is no request, or a GET from any page, is refused before the cost plug-in hears of it. */
  const chargeUncounted = (request: FastifyRequest, ctx: Context | undefined, status: number) => {
    if (ctx && !ctx.points.counted) platform.throttle?.refused(callerOf(ctx.viewer, ctx.ip));
    if (!ctx && status === 400) chargeUnread(platform, request);
  };
  const kept = cache && keptAnswers(server, { cache, platform, door });
  server.route({
    url: GRAPHQL_PATH,
    method: ["GET", "POST"],
    onRequest: turnAway(platform),
    ...kept?.hooks,
    preHandler: (request, reply, done) => {
      // The router decodes paths; what stands in front of us and guards this one may not.
      if (request.url === GRAPHQL_PATH || pathAsSent(request.url) === GRAPHQL_PATH) done();
      else reply.callNotFound();
    },
    handler: admit(async (request, reply) => {
      const keep = kept?.begin(request);
      let ctx: Context | undefined;
      const {
        status = 200,
        headers,
        body,
      } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request),
          search: searchOf(request.url),
          body: request.body,
        },
        context: async () => {
          ctx = await buildContext(request);
          return ctx;
        },
      });
      if (status >= 400 && status < 500) chargeUncounted(request, ctx, status);
      for (const [name, value] of headers) reply.header(name, value);
      reply.code(status);
      if (body.kind !== "complete") throw new Error("no document of ours is answered in parts");
      if (ctx) keep?.(ctx, headers, body.string);
      return reply.send(body.string);
    }),
  });
}

/** A request line may name the whole URL (RFC 9112, section 3.2.2). */
const pathAsSent = (url: string) => url.replace(/^https?:\/\/[^/]*/i, "").split("?")[0];

function searchOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at);
}

/**
 * Who says nothing of what he accepts, or just what he gets anyway, is answered in JSON. Left blank, `accept` says so without being weighed
 * twice against each media type there is, which Apollo Server would do for an absent one as well.
 */
function headersOf(request: FastifyRequest): HeaderMap {
  const { accept = "" } = request.headers;
  const map = new HeaderMap([["accept", ANSWERED_IN_JSON.includes(accept) ? "" : accept]]);
  for (const name of READ_HEADERS) {
    const value = request.headers[name];
    if (value) map.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return map;
}
