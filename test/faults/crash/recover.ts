import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { MINUTE, SECOND } from "../../../src/platform/clock";
import { verify } from "../../../src/verify";
import { holds, isKept } from "../request";
import type { FaultyServer } from "./faulty-server";
import { type Asked, askFor } from "./load";
import type { CrashingShop } from "./shop";

/** Each lets minutes pass: more than enough for everything to come to rest. */
const ROUNDS = 30;

/**
 * What has to become of a crash once the server is back: clients ask again with their keys until they are answered, sweeps run, everything
 * comes to rest. @returns all that is wrong then, in words
 */
export async function recover(shop: CrashingShop, server: FaultyServer, asked: Asked[]): Promise<string[]> {
  await shop.advance(server, 31 * SECOND); // the leases of the dead run out
  await untilAnswered(shop, server, asked);
  await untilQuiet(shop, server);
  await shop.signStaffIn(server);
  const open = await whatIsOpen(shop);
  const broken = await verify(shop.platform);
  return [
    ...open.map((what) => `still open: ${what}`),
    ...broken.map(({ invariant, detail }) => `not true: ${invariant} (${detail})`),
    ...(await brokenPromises(server, asked)),
    ...(await mailsMissing(shop)),
  ];
}

/** The database finishes the statements of a client that died: until then it may still write. */
export async function untilDead({ platform }: CrashingShop) {
  const busy = () => platform.db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`;
  while ((await busy())[0].count > 0) await wait(10);
}

async function untilAnswered(shop: CrashingShop, server: FaultyServer, asked: Asked[]) {
  for (let round = 1; round <= ROUNDS; round++) {
    const waiting = asked.filter(({ answer }) => !answer);
    if (waiting.length === 0) return;
    await shop.signStaffIn(server);
    await Promise.all(waiting.map((one) => askFor(server, one)));
    if (round > 1) await shop.advance(server, 31 * SECOND);
  }
}

async function untilQuiet(shop: CrashingShop, server: FaultyServer) {
  for (let round = 1; round <= ROUNDS; round++) {
    await server.order("sweep", null);
    if ((await whatIsOpen(shop)).length === 0) return;
    await shop.advance(server, round % 3 === 0 ? 31 * MINUTE : 31 * SECOND);
  }
}

/** What somebody still has to do something about: here, or at the provider. */
async function whatIsOpen({ platform }: CrashingShop): Promise<string[]> {
  const rows = await platform.db.$queryRaw<{ what: string }[]>`
    SELECT format('%s %s', kind, status) AS what FROM payment_operations WHERE status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')
    UNION ALL SELECT format('%s request', operation) FROM idempotency_records WHERE state = 'RUNNING'
    UNION ALL SELECT format('%s event %s: %s', type, state, note) FROM provider_events WHERE state IN ('RECEIVED', 'REVIEW')
    UNION ALL SELECT 'an event that the provider has not delivered' FROM sandbox.events WHERE due_at IS NOT NULL`;
  return rows.map(({ what }) => what);
}

/** What a client was told holds, and asking again tells the same. */
async function brokenPromises(server: FaultyServer, asked: Asked[]): Promise<string[]> {
  const promised = asked.filter(({ answer }) => answer && isKept(answer));
  const found = await Promise.all(
    promised.map(async ({ ...one }) => {
      const before = one.answer;
      const now = await askFor(server, one);
      const held = before && typeof now !== "string" && holds(before, now);
      return held ? [] : [`${one.mutation}: told ${JSON.stringify(before)}, now ${JSON.stringify(now)}`];
    }),
  );
  const unanswered = asked
    .filter(({ answer }) => !answer)
    .map(({ mutation }) => `${mutation} was never answered`);
  return [...found.flat(), ...unanswered];
}

/** Each order that was opened is confirmed: its mail is out, or its job still waits. */
async function mailsMissing(shop: CrashingShop): Promise<string[]> {
  const waiting = await shop.queuedMails();
  const mails = join(shop.folder, "mail");
  const sent = readdirSync(mails).map((name) => readFileSync(join(mails, name), "utf8"));
  const opened = await shop.platform.db.order.findMany({ where: { status: "OPEN" } });
  return opened
    .filter(({ id, number }) => !waiting.includes(id) && !sent.some((text) => text.includes(String(number))))
    .map(({ number }) => `order ${number} was not confirmed by mail`);
}
