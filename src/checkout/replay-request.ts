import type { Context } from "../platform/context";
import { replay } from "../platform/idempotency";
import type { OperationOutcome } from "./advance/operation-outcome";
import type { KeyedRequest } from "./place/placing";
import { settleOperation } from "./settle/settle-operation";

/**
 * What the first request with this key came to, or null when there was none; of requests that ask a provider. When that request died on
 * the way (its lease is over), its own payment operation is taken further: never a second one.
 * @throws IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE while it is still running
 */
export async function replayRequest(
  ctx: Context,
  operation: string,
  request: KeyedRequest,
): Promise<OperationOutcome | null> {
  const where = { actor_key: { actor: request.actor, key: request.key } };
  const kept = await ctx.db.idempotencyRecord.findUnique({ where });
  if (!kept) return null;
  const dead = kept.state === "RUNNING" && kept.leaseUntil !== null && kept.leaseUntil <= ctx.clock.now();
  const found = replay(dead ? { ...kept, state: "DONE" } : kept, operation, request.inputHash);
  if (!dead) return found as OperationOutcome;
  await settleOperation(ctx, (found as RunningOutcome).operationId);
  const settled = await ctx.db.idempotencyRecord.findUniqueOrThrow({ where });
  return replay(settled, operation, request.inputHash) as OperationOutcome;
}

/** What is stored with the claimed key. */
type RunningOutcome = { operationId: string };
