import pg from "pg";
import { describeDrift, reconcile } from "../../../src/settlement";
import { verify } from "../../../src/verify";
import { holds, isKept } from "../request";
import { differencesToProvider } from "./compare-books";
import { ALL_DAYS } from "./drain";
import { aServer, ask, databaseOf, type World } from "./world";

/** All that is wrong with a world at rest, in words; nothing when all promises were kept. */
export async function whatIsWrong(world: World): Promise<string[]> {
  return [
    ...(await brokenInvariants(world)),
    ...(await differencesToProvider(world)),
    ...(await moneyForNothing(world)),
    ...(await stockGone(world)),
    ...(await mailsNotOnce(world)),
    ...(await eventsInReview(world)),
    ...(await drift(world)),
    ...(await brokenPromises(world)),
  ];
}

async function brokenInvariants(world: World) {
  const found = await verify(aServer(world).platform);
  return found.map(({ invariant, detail }) => `not true: ${invariant} (${detail})`);
}

/** An order that is open is paid for by one payment, in full at first; whoever has no such order has no money with us. */
async function moneyForNothing(world: World) {
  const rows = await databaseOf(world).$queryRaw<{ what: string }[]>`
    WITH kept AS (
      SELECT order_id, id, surplus, authorized, authorized - voided - refunded AS left FROM payments),
    per_order AS (
      SELECT o.number, o.status, o.total, o.payment_status, coalesce(sum("left"), 0) AS "left",
        count(*) FILTER (WHERE NOT surplus AND authorized > 0) AS paying, coalesce(sum("left") FILTER (WHERE surplus), 0) AS surplus
      FROM orders o LEFT JOIN kept ON kept.order_id = o.id GROUP BY o.id)
    SELECT format('order %s, %s %s, of %s: %s kept, %s of it surplus, by %s payments', number, status, payment_status, total, "left",
      surplus, paying) AS what
    FROM per_order
    WHERE surplus <> 0 OR "left" > total OR (status NOT IN ('OPEN', 'COMPLETED') AND "left" <> 0)
      OR (status IN ('OPEN', 'COMPLETED') AND paying = 0)`;
  return rows.map(({ what }) => what);
}

/** What was there at first, and what staff counted, is on the shelf; what open orders wait for is set aside. */
async function stockGone(world: World) {
  const rows = await databaseOf(world).$queryRaw<{ what: string }[]>`
    SELECT format('%s on hand, moved %s; %s reserved, ordered %s', s.on_hand, counted.sum, s.reserved, coalesce(ordered.sum, 0)) AS what
    FROM stocks s
    JOIN (SELECT variant_id, sum(on_hand_delta) FROM stock_movements WHERE kind IN ('RECEIVE', 'ADJUST') GROUP BY variant_id) counted
      USING (variant_id)
    LEFT JOIN (SELECT l.variant_id, sum(l.quantity) FROM order_lines l JOIN orders o ON o.id = l.order_id
      WHERE o.status = 'OPEN' AND o.restocked_at IS NULL GROUP BY l.variant_id) ordered USING (variant_id)
    WHERE s.on_hand <> counted.sum OR s.reserved <> coalesce(ordered.sum, 0)`;
  return rows.map(({ what }) => `stock: ${what}`);
}

/** Each order that was opened is confirmed by one mail. */
async function mailsNotOnce(world: World) {
  const owner = new pg.Client({ connectionString: aServer(world).platform.config.database.ownerUrl ?? "" });
  await owner.connect(); // the queue's tables are the owner's alone
  try {
    const { rows } = await owner.query<{ what: string }>(`
      SELECT format('order %s: %s mails of confirmation, opened %s times', o.number, mails.count, opened.count) AS what
      FROM orders o
      JOIN LATERAL (SELECT count(*) FROM graphile_worker._private_jobs
        WHERE payload ->> 'template' = 'order-confirmation' AND payload ->> 'orderId' = o.id::text) mails ON true
      JOIN LATERAL (SELECT count(*) FROM outbox_events WHERE subject_id = o.id AND type = 'order.opened') opened ON true
      WHERE mails.count <> opened.count OR mails.count > 1`);
    return rows.map(({ what }) => what);
  } finally {
    await owner.end();
  }
}

/** The shop finds no difference either. */
async function drift(world: World) {
  const found: string[] = [];
  await reconcile(aServer(world).platform, ALL_DAYS, (one) => found.push(`drift: ${describeDrift(one)}`));
  return found;
}

async function eventsInReview(world: World) {
  const events = await databaseOf(world).providerEvent.findMany({
    where: { state: { in: ["REVIEW", "RECEIVED"] } },
  });
  return events.map(({ type, state, note }) => `event ${type} ${state}: ${note}`);
}

/** What a client was told holds, and asking again tells the same and does nothing. */
async function brokenPromises(world: World) {
  const wrong: string[] = [];
  const operations = () => databaseOf(world).paymentOperation.count();
  const before = await operations();
  for (const [index, asked] of world.asked.entries()) {
    const promised = asked.answer;
    if (!promised || !isKept(promised) || asked.mutation === "resumeCheckout") continue; // asks how things are, each time
    asked.answer = null;
    await ask(world, asked);
    const now = asked.answer as typeof promised | null;
    if (!now || !holds(promised, now))
      wrong.push(
        `#${index + 1} ${asked.mutation}: told ${JSON.stringify(promised)}, now ${JSON.stringify(now)}`,
      );
  }
  if ((await operations()) !== before) wrong.push("asking again did something");
  return wrong;
}

/** Kinds of things that happened, so that a run can tell whether it met all that it is meant to meet. */
export async function whatHappened(world: World): Promise<string[]> {
  const rows = await databaseOf(world).$queryRaw<{ what: string }[]>`
    SELECT DISTINCT type AS what FROM outbox_events
    UNION SELECT DISTINCT substring(idempotency_key FROM ':[a-z]+$') FROM payment_operations WHERE idempotency_key LIKE '%:%'
    UNION SELECT 'surplus' FROM payments WHERE surplus
    UNION SELECT DISTINCT payment_status::text FROM orders
    UNION SELECT DISTINCT format('reservation %s', state) FROM reservations
    UNION SELECT DISTINCT format('event %s', state) FROM provider_events`;
  return rows.map(({ what }) => what);
}
