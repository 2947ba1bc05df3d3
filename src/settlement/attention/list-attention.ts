import { Prisma } from "../../generated/prisma/client";
import { type PageArgs, readPage, toConnection } from "../../platform/connection";
import type { Context } from "../../platform/context";
import { badInput } from "../../platform/errors";
import { toId } from "../../platform/ids";
import { attentionRows } from "./attention.sql";
import { type AttentionReason, attentionMessages } from "./attention-reason";

type Stored = {
  reason: AttentionReason;
  since: Date;
  subject: string;
  orderUuid: string | null;
  paymentUuid: string | null;
  operationUuid: string | null;
  eventUuid: string | null;
  note: string | null;
};
/** One thing to look at, and what it is about; by uuid, null where there is none. */
export type AttentionNode = ReturnType<typeof toNode>;

/** What a Date holds. */
const LAST_MOMENT = 8.64e15;

/** Payments, operations and events that a person must look at, longest waiting first, one page of them. @throws BAD_USER_INPUT for a bad page */
export async function listAttention(ctx: Context, args: PageArgs) {
  const page = readPage(args, ["number", "string"]);
  const rows = attentionRows(ctx.clock.now());
  const found = await ctx.db.$queryRaw<Stored[]>`
    SELECT reason, since, subject::text AS "subject", order_id::text AS "orderUuid", payment_id::text AS "paymentUuid",
      operation_id::text AS "operationUuid", event_id::text AS "eventUuid", note
    FROM (${rows}) attention WHERE ${after(page.cursor)} ORDER BY since, subject LIMIT ${page.limit + 1}::int`;
  return toConnection(
    found.map(toNode),
    page,
    ({ since, subject }) => [since.getTime(), subject],
    async () => {
      const [{ count }] = await ctx.db.$queryRaw<[{ count: number }]>`
        SELECT count(*)::int AS count FROM (${rows}) attention`;
      return count;
    },
  );
}

function after(cursor: (string | number | null)[] | null) {
  if (!cursor) return Prisma.sql`true`;
  const [at, subject] = cursor as [number, string];
  if (at < 0 || at > LAST_MOMENT) badInput("after", "Not a cursor of this list.");
  return Prisma.sql`(since, subject) > (${new Date(at)}::timestamptz, ${subject}::uuid)`;
}

const toNode = ({ note, eventUuid, ...stored }: Stored) => ({
  ...stored,
  message: attentionMessages[stored.reason](note),
  providerEventId: eventUuid === null ? null : toId("pevt", eventUuid),
});
