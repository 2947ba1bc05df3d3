import type { Prisma } from "../generated/prisma/client";
import type { Context } from "./context";
import { type Sql, transact } from "./database";
import { topLevelError } from "./errors";

/** What a retry is answered with: object ids and codes only, never tokens or personal data. */
export type Outcome = Prisma.InputJsonObject;

/**
 * Runs a one-transaction mutation at most once for an actor's Idempotency-Key: the key is claimed and answered inside the mutation's
 * own transaction, and a retry gets the stored outcome. Without a key the work runs as it is. A refusal (throw) rolls the claim back.
 * @throws IDEMPOTENCY_KEY_REUSED for other input, IDEMPOTENCY_KEY_MISSING for a malformed key
 */
export async function idempotent<Done extends Outcome>(
  ctx: Context,
  ask: { actor: string; operation: string; input: unknown },
  work: (sql: Sql) => Promise<Done>,
): Promise<Done> {
  const key = readKey(ctx);
  if (key === null) return work(ctx.db);
  const inputHash = hashInput(ctx, ask.input);
  return transact(ctx.db, async (tx) => {
    const row = { actor: ask.actor, key, operation: ask.operation, inputHash, createdAt: ctx.clock.now() };
    // A second request with the key waits here for the first one's transaction, then finds its row.
    const claimed = await tx.idempotencyRecord.createMany({
      data: [{ ...row, state: "RUNNING" }],
      skipDuplicates: true,
    });
    const where = { actor_key: { actor: ask.actor, key } };
    if (claimed.count === 0) {
      const kept = await tx.idempotencyRecord.findUniqueOrThrow({ where });
      return replay(kept, ask.operation, inputHash) as Done;
    }
    const outcome = await work(tx);
    await tx.idempotencyRecord.update({ where, data: { state: "DONE", outcome } });
    return outcome;
  });
}

/** The stored outcome of a finished request with this key. @throws IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE */
export function replay(
  kept: { operation: string; inputHash: Uint8Array; state: string; outcome: unknown },
  operation: string,
  inputHash: Uint8Array,
) {
  if (kept.operation !== operation || Buffer.compare(kept.inputHash, inputHash) !== 0)
    throw topLevelError("IDEMPOTENCY_KEY_REUSED");
  if (kept.state !== "DONE") throw topLevelError("IDEMPOTENCY_KEY_IN_USE");
  return kept.outcome as Outcome;
}

/** The request's key, or null when it has none. @throws IDEMPOTENCY_KEY_MISSING when it is malformed */
function readKey(ctx: Context): string | null {
  if (ctx.idempotencyKey === "") throw topLevelError("IDEMPOTENCY_KEY_MISSING");
  return ctx.idempotencyKey;
}

/** The request's key where one is required. @throws IDEMPOTENCY_KEY_MISSING */
export function requireKey(ctx: Context): string {
  const key = readKey(ctx);
  if (key === null) throw topLevelError("IDEMPOTENCY_KEY_MISSING");
  return key;
}

/** Keyed hash of the input, the same whatever the order of its fields. Without the key an address in it could be guessed from a dump. */
export const hashInput = ({ vault }: Pick<Context, "vault">, input: unknown) =>
  vault.blindIndex("idempotency input", canonical(input));

function canonical(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object" || value instanceof Date)
    return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}
