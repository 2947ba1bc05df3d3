import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { Vault } from "../../platform/vault";
import { type Books, decideWaiting, upToDate } from "./calls";
import { findIntent, type Movement } from "./movement";
import { contentSecurity, page, paymentPage } from "./page.html";

const PURPOSE = "sandbox payment page";
const PATH = "/sandbox/pay";
/** Our form is some twenty bytes. */
const FORM_LIMIT = 10 * 1024;

/** Where the buyer confirms an authorisation; only we can make the path of one. */
export const pagePath = (vault: Vault, intent: string) =>
  `${PATH}/${vault.signedToken(PURPOSE, intent.replace(/^sandbox_/, ""))}`;

type Ask = { Params: { secret: string }; Body: URLSearchParams };

/** The pages on which a buyer confirms or refuses a payment: HTML without scripts, one form, unguessable paths. */
export function addPages(server: FastifyInstance, books: Books, vault: Vault, shop: string) {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: FORM_LIMIT },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) throw error; // the house's own answer, which logs it
    const text =
      statusCode === 413 ? "That was more than this form sends." : "That is not what this form sends.";
    return answer(reply, statusCode, page("The form could not be read", text));
  });

  server.get<Ask>(`${PATH}/:secret`, async (request, reply) => {
    const call = await paymentOf(request.params.secret);
    return call ? show(reply, 200, call) : unknown(reply);
  });
  server.post<Ask>(`${PATH}/:secret`, { bodyLimit: FORM_LIMIT }, async (request, reply) => {
    const call = await paymentOf(request.params.secret);
    if (!call) return unknown(reply);
    const decision = request.body?.get("decision") ?? "";
    const wanted = Object.hasOwn(DECISIONS, decision) ? DECISIONS[decision] : undefined;
    if (!wanted) return show(reply, 400, call);
    const now = (await decideWaiting(books, call.intent, wanted[0], wanted[1])) ?? call;
    // Pressed twice is pressed once; the other button comes too late.
    if (now.reason !== wanted[1]) return show(reply, 409, now);
    return reply.redirect(backUrlOf(now)?.href ?? pagePath(vault, now.intent), 303);
  });

  async function paymentOf(secret: string): Promise<Movement | null> {
    const uuid = vault.readSignedToken(PURPOSE, secret);
    const call = uuid ? await findIntent(books.db, `sandbox_${uuid}`) : null;
    return call && upToDate(books, call);
  }
  const show = (reply: FastifyReply, status: number, call: Movement) => {
    const back = backUrlOf(call);
    return answer(reply, status, paymentPage(call, shop, back?.href ?? null), back?.origin);
  };
  const unknown = (reply: FastifyReply) =>
    answer(reply, 404, page("No such payment", "Look whether the whole address has been copied."));
}

const DECISIONS: Record<string, ["SUCCEEDED", null] | ["FAILED", "authentication_failed"]> = {
  confirm: ["SUCCEEDED", null],
  refuse: ["FAILED", "authentication_failed"],
};

/** Where the buyer came from; null for what no page may lead to. */
function backUrlOf({ returnUrl }: Movement): URL | null {
  if (returnUrl === null || !URL.canParse(returnUrl)) return null;
  const url = new URL(returnUrl);
  return url.protocol === "https:" || url.protocol === "http:" ? url : null;
}

const answer = (reply: FastifyReply, status: number, html: string, backOrigin: string | null = null) =>
  reply
    .code(status)
    .headers({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurity(backOrigin),
      "referrer-policy": "no-referrer",
    })
    .send(html);
