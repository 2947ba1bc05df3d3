import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { PaymentProvider, Webhook } from "../../payments";
import { SECOND } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { answerError } from "../../platform/http/http-errors";
import { isPlainText } from "../../platform/text";
import { within } from "../../platform/within";
import { type GenuineWebhook, storeEvent } from "./store-event";
import { tryEvent } from "./try-event";

const PATH = "/webhooks/:provider";
/** Far more than any event has. */
const BODY_LIMIT = 256 * 1024;
/** Providers take a slow answer for none and tell it again. */
const ANSWER_LIMIT_MS = 1.5 * SECOND;
const LONGEST_NAME = 255;

type Refused = Extract<Webhook, { genuine: false }>["why"];
const REFUSED: Record<Refused, string> = {
  signature: "The signature is missing or wrong.",
  "too old": "The signature is too old.",
  "from the future": "The signature is from the future.",
  unreadable: "The body could not be read.",
};

/**
 * POST /webhooks/<provider>: what a payment provider tells. 200 once it is kept, whatever becomes of it; 400 with the reason when it isn't
 * genuine (nothing is kept), 503 when it could not be kept, so that the provider tells it again. The body is taken byte by byte: its
 * signature is over that, not over what it means.
 */
export function webhookRoutes(server: FastifyInstance, platform: Platform) {
  const providers = new Map(platform.services.providers.map((provider) => [provider.handle, provider]));
  server.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) => body,
  );
  server.addHook("onRequest", async (request, reply) => {
    if (!providers.has(handleOf(request))) return reply.callNotFound();
    if (request.method !== "POST")
      return answerError(reply.header("allow", "POST"), 405, "BAD_REQUEST", "Use POST.");
  });
  server.all(PATH, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const provider = providers.get(handleOf(request));
    if (!provider) return reply.callNotFound();
    const webhook = read(platform, provider, request);
    if (webhook.genuine) return answer(platform, reply, provider, webhook);
    const { why } = webhook;
    platform.log.warn(
      { provider: provider.handle, why, requestId: request.id },
      "a webhook was not believed",
    );
    return answerError(reply, 400, "BAD_REQUEST", REFUSED[why]);
  });
}

const handleOf = ({ params }: FastifyRequest) => (params as { provider: string }).provider;

function read({ clock }: Platform, provider: PaymentProvider, { body, headers }: FastifyRequest): Webhook {
  const single = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]),
  );
  const webhook = provider.readWebhook(Buffer.isBuffer(body) ? body : Buffer.alloc(0), single, clock.now());
  const storable =
    !webhook.genuine || textsOf(webhook).every((text) => text == null || isPlainText(text, LONGEST_NAME));
  return storable ? webhook : { genuine: false, why: "unreadable" };
}

/** Everything in it that is kept as it came. */
function textsOf({ eventId, type, event }: GenuineWebhook) {
  const { reference, currency, method } = event?.outcome ?? {};
  return [eventId, type, event?.key, event?.orderNumber, reference, currency, method?.brand, method?.last4];
}

/** Keeps it, and takes it into account when that is quick: what is kept is not lost, so nobody has to wait for more. */
async function answer(
  platform: Platform,
  reply: FastifyReply,
  provider: PaymentProvider,
  webhook: GenuineWebhook,
) {
  let kept = false;
  const work = (async () => {
    await platform.reached("webhook.verified");
    const eventUuid = await storeEvent(platform, provider, webhook);
    kept = true;
    await platform.reached("webhook.stored");
    if (eventUuid) await tryEvent(platform, eventUuid);
  })();
  try {
    await within(ANSWER_LIMIT_MS, work, undefined);
  } catch (error) {
    if (!kept) throw error;
    platform.log.error({ err: error, requestId: reply.request.id }, "a webhook was kept, and no more");
  } finally {
    work.catch(() => undefined); // it was answered that nothing is kept
  }
  if (kept) return { received: true };
  return answerError(reply.header("retry-after", "1"), 503, "SERVICE_UNAVAILABLE", "Try again soon.");
}
