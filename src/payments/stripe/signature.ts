import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_MS = 300_000;
/** Room for several signatures (one per secret while they are rotated), no more. */
const LONGEST_HEADER = 2_000;

/**
 * Whether a body is Stripe's: an HMAC-SHA256 of "<t>.<raw body>" under one of the secrets, in scheme v1, not older than 300 seconds and not
 * that far ahead either. The package's own check decodes the body before it signs it, and takes any time to come. @returns why not, or null
 * @see https://docs.stripe.com/webhooks/signature
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
    const expected = createHmac("sha256", secret).update(`${time}.`).update(rawBody).digest();
    return given.some((one) => timingSafeEqual(Buffer.from(one, "hex"), expected));
  });
  if (!signed) return "signature";
  const ageMs = now.getTime() - Number(time) * 1_000;
  if (ageMs > TOLERANCE_MS) return "too old";
  return ageMs < -TOLERANCE_MS ? "from the future" : null;
}
