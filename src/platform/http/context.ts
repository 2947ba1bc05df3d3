import type { FastifyRequest } from "fastify";
import type { Context, Platform, Viewer } from "../context";
import { isUnavailable, topLevelError } from "../errors";
import { callerOf, guesserAt } from "../throttle/caller";
import { takesOnlyJson } from "./legacy-status";
import { belongsTo } from "./request-ids";

export type Identify = (platform: Platform, accessToken: string) => Promise<Viewer | null>;

/**
 * Builds the context of each request. A token that is sent must be good: anything else is 401, whatever the document asks for. The platform
 * is its prototype: to copy some twenty parts twice (Apollo Server does it again) was a tenth of a plain request.
 */
export const contextOf = (platform: Platform, identify: Identify) => (request: FastifyRequest) => {
  const { authorization } = request.headers;
  if (authorization === undefined) return contextFor(platform, null, request);
  return admit(platform, identify, authorization, request.ip).then(
    (viewer) => contextFor(platform, viewer, request),
    (error: Error) => {
      if (!isUnavailable(error)) throw belongsTo(request.id, error);
      platform.log.warn({ requestId: request.id, reason: error.message }, "nobody can be identified");
      throw belongsTo(request.id, topLevelError("SERVICE_UNAVAILABLE")); // Apollo Server would answer 500
    },
  );
};

function contextFor(platform: Platform, viewer: Viewer | null, request: FastifyRequest): Context {
  const own: Omit<Context, keyof Platform> & Pick<Context, "db" | "giveWay"> = {
    db: request.reading?.db ?? platform.db,
    reads: request.reading?.reads ?? platform.db,
    viewer,
    requestId: request.id,
    ip: request.ip,
    idempotencyKey: idempotencyKeyOf(request.headers["idempotency-key"]),
    memo: new Map(),
    admitted: new Set(),
    takesOnlyJson: takesOnlyJson(request.headers.accept),
    points: { counted: false },
    giveWay: request.giveWay ?? platform.giveWay,
  };
  return Object.assign(Object.create(platform), own);
}

/** Who asks; an account that has no points left is turned away before its document is looked at. Guests were before (turn-away.ts). */
async function admit(
  platform: Platform,
  identify: Identify,
  authorization: string,
  ip: string,
): Promise<Viewer> {
  const viewer = await viewerOf(platform, identify, authorization, ip);
  if (platform.throttle?.emptyFor(callerOf(viewer, ip))) throw platform.throttle.refusal(1);
  return viewer;
}

async function viewerOf(
  platform: Platform,
  identify: Identify,
  authorization: string,
  ip: string,
): Promise<Viewer> {
  const token = /^Bearer ([\w-]{20,100})$/i.exec(authorization)?.[1];
  const viewer = token ? await identify(platform, token) : null;
  if (viewer) return viewer;
  platform.throttle?.refused(guesserAt(ip));
  throw topLevelError(
    "UNAUTHENTICATED",
    "The access token is not valid any more. Send none with refreshSession.",
    {
      http: { status: 401 },
    },
  );
}

/** 8 to 128 printable ASCII characters; "" stands for a malformed one. */
function idempotencyKeyOf(header: string | string[] | undefined) {
  if (header === undefined) return null;
  return typeof header === "string" && /^[\x21-\x7e]{8,128}$/.test(header) ? header : "";
}
