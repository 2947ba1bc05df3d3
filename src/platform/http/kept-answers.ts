import type { OutgoingHttpHeaders } from "node:http";
import type { HeaderMap } from "@apollo/server";
import type { FastifyInstance, FastifyReply, FastifyRequest, preValidationHookHandler } from "fastify";
import type { Context, Platform } from "../context";
import { costReport } from "../cost/cost-report";
import { publicResultOf } from "../response-cache/plugin";
import type { KeptAnswer, ResponseCache } from "../response-cache/response-cache";
import { callerOf } from "../throttle/caller";
import type { Door } from "./door";
import { GRAPHQL_PATH } from "./paths";

declare module "fastify" {
  interface FastifyRequest {
    /** What an answer that is the same for everyone is kept under; null when this request may neither get nor leave one. */
    answerKey: string | null;
    keptAnswer: KeptAnswer | null;
  }
}

type Parts = { cache: ResponseCache; platform: Platform; door: Door };

/** Answers from the cache before the body is even parsed, and keeps what may be kept. In a scope of its own: it reads JSON bodies itself. */
export function keptAnswers(server: FastifyInstance, { cache, platform, door }: Parts) {
  const parseJson = server.getDefaultJsonParser("error", "error");
  server.decorateRequest("answerKey", null);
  server.decorateRequest("keptAnswer", null);
  server.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    request.answerKey = keyOf(request, body);
    if (request.answerKey !== null) request.keptAnswer = cache.find(request.answerKey) ?? null;
    if (request.keptAnswer) done(null, null);
    else parseJson(request, body, done);
  });

  const preValidation: preValidationHookHandler = (request, reply, done) => {
    if (request.keptAnswer) send(reply, request.keptAnswer, endOf(platform, request.ip), door);
    else done();
  };
  return {
    hooks: { preValidation },
    /** To be called before anything is read. @returns how to keep the answer, once it is there */
    begin({ answerKey }: FastifyRequest) {
      const moment = answerKey === null ? null : cache.moment();
      if (answerKey === null || moment === null) return undefined;
      return (ctx: Context, headers: HeaderMap, body: string) => {
        const result = publicResultOf(ctx);
        if (!result) return;
        const end = result.extensions ? endWith(result.extensions) : "}\n";
        const contentType = headers.get("content-type");
        if (!contentType || !body.endsWith(end)) return;
        const head = Buffer.from(body.slice(0, body.length - end.length));
        cache.keep(answerKey, { contentType, head }, moment);
      };
    },
  };
}

/** The document, its variables and the operation's name are the body; nothing else that a guest sends changes the answer but what he accepts. */
function keyOf({ method, url, headers }: FastifyRequest, body: string): string | null {
  if (method !== "POST" || url !== GRAPHQL_PATH || headers.authorization !== undefined) return null;
  return `${headers.accept ?? ""}\n${body}`;
}

/** The answer's last part, with what its caller may still ask for. It costs him nothing: a refusal would be as much work. */
function endOf({ throttle }: Platform, ip: string): string {
  const available = throttle?.peek(callerOf(null, ip)) ?? 0;
  const cost = costReport({ requested: 0, available }, 0, throttle);
  return endWith({ cost });
}

/** As Apollo Server ends an answer, line break and all. */
const endWith = (extensions: object) => `,"extensions":${JSON.stringify(extensions)}}\n`;

/** Straight to the socket, in one write: what hooks add to other answers is here already. */
function send(reply: FastifyReply, { contentType, head }: KeptAnswer, end: string, { leaving }: Door) {
  reply.hijack();
  reply.headers({ "content-type": contentType, "content-length": head.length + end.length });
  if (leaving) reply.header("connection", "close");
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
  reply.raw.write(head);
  reply.raw.end(end);
}
