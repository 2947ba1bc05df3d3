import { Prisma } from "../generated/prisma/client";
import type { Tx } from "./database";
import { newId } from "./ids";

export type DomainEvent = {
  /** What happened, e.g. "order.opened" */
  type: string;
  subjectType: "account" | "product" | "collection" | "cart" | "order" | "payment";
  /** Uuid */
  subjectId: string;
  /** Ids only, never personal data */
  data?: Prisma.InputJsonObject;
};

/** Writes events into the feed, in the transaction that made them true. */
export async function emit(tx: Tx, at: Date, ...events: DomainEvent[]) {
  // Not createMany: of an import's hundreds of events it puts a statement together that costs more than reading the file.
  const rows = JSON.stringify(events.map((event) => ({ id: newId(), data: {}, ...event })));
  await tx.$executeRaw`
    INSERT INTO outbox_events (id, type, subject_type, subject_id, data, created_at)
    SELECT id, type, "subjectType", "subjectId", data, ${at}::timestamptz FROM json_to_recordset(${rows}::json)
      AS r(id uuid, type text, "subjectType" text, "subjectId" uuid, data jsonb)`;
}

export type JobOptions = { runAt?: Date; jobKey?: string; maxAttempts?: number };

/** Queues a background job in the transaction that makes it due; it runs only if that commits. The payload holds ids only. */
export async function enqueue(
  tx: Tx,
  task: string,
  payload: Prisma.InputJsonObject,
  options: JobOptions = {},
) {
  await tx.$queryRaw`SELECT ${enqueued(task, payload, options)}`;
}

/** The same as SQL for the SELECT list of a longer statement: a job is queued for each of its rows. */
export function enqueued(
  task: string,
  payload: Prisma.InputJsonObject,
  options: JobOptions = {},
): Prisma.Sql {
  const { runAt = null, jobKey = null, maxAttempts = 10 } = options;
  return Prisma.sql`
    enqueue_job(${task}, ${JSON.stringify(payload)}::json, ${runAt}::timestamptz, ${jobKey}, ${maxAttempts}::int)::text`;
}
