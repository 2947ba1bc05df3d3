import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { SECOND } from "../../platform/clock";
import type { Webhook } from "../provider";
import { outcomeOf } from "../provider-outcome";

/** The scheme is Stripe's: the time and an HMAC-SHA256 over "time.body" (docs.stripe.com/webhooks, "Verify manually"). */
export const SIGNATURE_HEADER = "sandbox-signature";
/** How far the time of a signature may be from ours, either way. */
const TOLERANCE_S = 300;

const hmac = (secret: string, seconds: string, body: Buffer) =>
  createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();

/** The signature header's value for a body that is sent at a moment. */
export function sign(secret: string, body: Buffer, at: Date): string {
  const seconds = String(Math.floor(at.getTime() / SECOND));
  return `t=${seconds},v1=${hmac(secret, seconds, body).toString("hex")}`;
}

/** Reads what came as a webhook: never throws, and believes nothing that `secret` did not sign within five minutes of `now`. */
export function readWebhook(secret: string, body: Buffer, header: string | undefined, now: Date): Webhook {
  const [, seconds, mac] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  if (!seconds || !mac || !timingSafeEqual(Buffer.from(mac, "hex"), hmac(secret, seconds, body)))
    return { genuine: false, why: "signature" };
  const age = now.getTime() / SECOND - Number(seconds);
  if (age > TOLERANCE_S) return { genuine: false, why: "too old" };
  if (age < -TOLERANCE_S) return { genuine: false, why: "from the future" };
  const read = Body.safeParse(parse(body));
  if (!read.success) return { genuine: false, why: "unreadable" };
  const { id, type, live, data } = read.data;
  const { outcome, ...event } = data;
  const { status, ...about } = outcome;
  return {
    genuine: true,
    ...{ eventId: id, type, live },
    event: { ...event, outcome: outcomeOf(status, about) },
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

const text = z.string().nullable();
const number = z.number().nullable();
/** What event.ts writes. */
const Body = z.object({
  id: z.string(),
  type: z.string(),
  live: z.boolean(),
  data: z.object({
    key: z.string(),
    kind: z.enum(["AUTHORIZE", "CAPTURE", "VOID", "REFUND"]),
    orderNumber: text,
    outcome: z.object({
      status: z.enum(["SUCCEEDED", "FAILED", "ACTION_REQUIRED", "PENDING"]),
      reference: text,
      captured: z.boolean(),
      released: z.boolean(),
      reason: z
        .enum(["declined", "insufficient_funds", "authentication_failed", "payment_method_invalid"])
        .or(z.enum(["not_found", "amount_too_high", "cancelled", "expired", "refused"]))
        .nullable(),
      method: z.object({ brand: text, last4: text, expiryMonth: number, expiryYear: number }).nullable(),
      amount: z.string().regex(/^\d+$/).transform(BigInt),
      currency: z.string(),
    }),
  }),
});
