import { z } from "zod";
import type { Webhook } from "../provider";
import { outcomeOf } from "../provider-outcome";
import { whyNotSigned } from "../signature";

export const SIGNATURE_HEADER = "sandbox-signature";

/** Reads what came as a webhook: never throws, and believes nothing that `secret` did not sign within five minutes of `now`. */
export function readWebhook(secret: string, body: Buffer, header: string | undefined, now: Date): Webhook {
  const why = whyNotSigned(body, header, [secret], now);
  if (why) return { genuine: false, why };
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
