import { z } from "zod";
import type { Webhook } from "../provider";
import { whyNotSigned } from "../signature";
import { eventOf } from "./event";

/** What every event has; the objects in it are Stripe's, which the signature vouches for. */
const Envelope = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  livemode: z.boolean(),
  /** Of Connect: another account that this happened in */
  account: z.string().nullish(),
  data: z.object({ object: z.looseObject({ object: z.string() }) }),
});

/** Reads a webhook of Stripe's. Never throws; header names are in lower case. */
export function readWebhook(
  secrets: readonly string[],
  rawBody: Buffer,
  headers: Record<string, string | undefined>,
  now: Date,
): Webhook {
  const why = whyNotSigned(rawBody, headers["stripe-signature"], secrets, now);
  if (why) return { genuine: false, why };
  try {
    const { id, type, livemode, account, data } = Envelope.parse(JSON.parse(rawBody.toString("utf8")));
    const event = eventOf(type, data.object);
    // Who has another account writes into its objects what he likes, a key of ours too: a person has to look.
    const ours = account ? event && { ...event, key: null } : event;
    return { genuine: true, eventId: id, type, live: livemode, event: ours };
  } catch {
    return { genuine: false, why: "unreadable" };
  }
}
