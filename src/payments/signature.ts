import { createHmac, timingSafeEqual } from "node:crypto";
import { MINUTE, SECOND } from "../platform/clock";

/** How far the time of a signature may be from ours, either way. */
const TOLERANCE_MS = 5 * MINUTE;
/** Room for several signatures (one per secret while they are rotated), no more. */
const LONGEST_HEADER = 2_000;

const hmac = (secret: string, seconds: string, rawBody: Buffer) =>
  createHmac("sha256", secret).update(`${seconds}.`).update(rawBody).digest();

/**
 * The signature header's value for a body that is sent at a moment, in Stripe's scheme v1, which the sandbox has taken over: an HMAC-SHA256 of
 * "<t>.<raw body>", t in seconds.
 * @see https://docs.stripe.com/webhooks/signature
 */
export function sign(secret: string, rawBody: Buffer, at: Date): string {
  const seconds = String(Math.floor(at.getTime() / SECOND));
  return `t=${seconds},v1=${hmac(secret, seconds, rawBody).toString("hex")}`;
}

/**
 * Whether a body was signed like that with one of the secrets, not more than five minutes ago and not that far ahead either. The check in
 * Stripe's package decodes the body before it signs it, and takes any time to come. @returns why not, or null
 */
export function whyNotSigned(
  rawBody: Buffer,
  header: string | undefined,
  secrets: readonly string[],
  now: Date,
): "signature" | "too old" | "from the future" | null {
  const parts = (header ?? "").slice(0, LONGEST_HEADER).split(",");
  const valuesOf = (name: string) =>
    parts.flatMap((part) => (part.startsWith(`${name}=`) ? [part.slice(name.length + 1)] : []));
  const [time, another] = valuesOf("t");
  if (time === undefined || another !== undefined || !/^\d{1,12}$/.test(time)) return "signature";
  const given = valuesOf("v1").filter((value) => /^[0-9a-f]{64}$/.test(value));
  const signed = secrets.some((secret) => {
    const expected = hmac(secret, time, rawBody);
    return given.some((one) => timingSafeEqual(Buffer.from(one, "hex"), expected));
  });
  if (!signed) return "signature";
  const ageMs = now.getTime() - Number(time) * SECOND;
  if (ageMs > TOLERANCE_MS) return "too old";
  return ageMs < -TOLERANCE_MS ? "from the future" : null;
}
