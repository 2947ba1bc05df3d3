import type { PaymentProvider, ProviderOutcome } from "../../payments";
import { later, MINUTE } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { lookUpOperation } from "../look-up-operation";
import { type Drift, NOTHING, sumOf } from "./drift";
import { listOurs, type OurOperation } from "./our-operations";
import { type Span, untilStopped } from "./span";

/** The provider dates a movement somewhat before or after we do; what lies further apart is asked for by its key. */
const BEFORE_MS = MINUTE;
const AFTER_MS = 10 * MINUTE;

/**
 * What we have as done from one moment to another, the second left out, and the provider hasn't. What is not among its movements is asked
 * for by its key before that is said: not everything is listed everywhere, nor under the same time.
 * @throws when the provider does not answer
 */
export async function* oursWithoutTheirs(
  platform: Platform,
  provider: PaymentProvider,
  { from, to, stopping }: Span,
): AsyncGenerator<Drift> {
  for await (const page of listOurs(platform.db, provider.handle, from, to)) {
    const missing = await missingOf(provider, page, stopping);
    for await (const operation of untilStopped(missing, stopping)) {
      const drift = await compare(platform, provider.handle, operation);
      if (drift) yield drift;
    }
  }
}

/** Those of a page that are not among the provider's movements of that time. */
async function missingOf(
  provider: PaymentProvider,
  page: OurOperation[],
  stopping: AbortSignal | undefined,
): Promise<Iterable<OurOperation>> {
  const byKey = new Map(page.map((one) => [`${one.kind} ${one.key}`, one]));
  const byReference = new Map(page.map((one) => [`${one.kind} ${one.reference}`, one]));
  const missing = new Set(page);
  const times = page.map(({ createdAt }) => createdAt.getTime());
  const [first, last] = times.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
    [Number.POSITIVE_INFINITY, 0],
  );
  const window = [later(new Date(first), -BEFORE_MS), later(new Date(last), AFTER_MS)] as const;
  const movements = untilStopped(provider.movements(...window), stopping);
  for await (const { key, kind, reference } of movements) {
    const found = key === null ? byReference.get(`${kind} ${reference}`) : byKey.get(`${kind} ${key}`);
    if (found) missing.delete(found);
  }
  return missing;
}

async function compare(platform: Platform, provider: string, operation: OurOperation): Promise<Drift | null> {
  const { key, kind, cameAs, reference, orderNumber, amount, currency } = operation;
  const asked = cameAs === "" ? operation.uuid : await uuidOf(platform, provider, operation);
  const outcome = asked === null ? null : await lookUpOperation(platform, asked);
  if (outcome?.status === "UNKNOWN") throw new Error("The payment provider does not answer");
  if (outcome && bears(operation, outcome)) return null;
  const theirs = outcome ? outcome.status : NOTHING;
  return { provider, kind, key, reference, orderNumber, theirs, ours: sumOf({ amount, currency }) };
}

/** The operation that was asked for, of one that came with its outcome. */
async function uuidOf({ db }: Platform, provider: string, { key }: OurOperation): Promise<string | null> {
  const found = await db.paymentOperation.findUnique({ where: { idempotencyKey: key, provider } });
  return found?.id ?? null;
}

/** Whether what the provider answers about what we asked for bears out what we have. */
function bears({ cameAs, kind, amount, currency }: OurOperation, outcome: ProviderOutcome): boolean {
  const succeeded = outcome.status === "SUCCEEDED";
  const ended =
    outcome.status === "FAILED" && (outcome.reason === "expired" || outcome.reason === "cancelled");
  if (cameAs === "lapsed") return ended;
  if (cameAs === "released") return succeeded && outcome.released;
  if (cameAs === "capture") return succeeded && outcome.captured;
  if (kind === "AUTHORIZE" && ended) return true; // it was there, and has ended since
  const same =
    (outcome.amount === null || outcome.amount === amount) &&
    (outcome.currency === null || outcome.currency === currency);
  return succeeded && same;
}
