import { Agent, request } from "node:http";
import { clearTimeout, setTimeout } from "node:timers";
import { DAY, HOUR, later, SECOND } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { sign } from "../signature";
import { SIGNATURE_HEADER } from "./read-webhook";
import { UNFLUSHED } from "./unflushed";

/** Events that are on their way at once; taken together, and ticked off together by the statement that takes the next. */
const A_ROUND = 10;
const ANSWER_LIMIT_MS = 5 * SECOND;
/** After an attempt, the next comes this much later, then twice as much each time; longer than an answer is waited for. */
const FIRST_RETRY_S = 10;
const LONGEST_RETRY_S = (6 * HOUR) / SECOND;
const GIVEN_UP_MS = 3 * DAY;

type Due = { id: string; body: string; copies: number; attempts: number };
type Courier = Pick<Platform, "db" | "clock" | "log" | "address">;

/** Where events go: to the server that brings them. */
const WEBHOOK_PATH = "/webhooks/sandbox";

/**
 * Brings the events that are due to the shop's webhook, again and again until it answers 2xx, for three days. Of several servers one
 * brings each; whoever dies on the way is followed by another at the next attempt.
 */
export async function deliverEvents(courier: Courier, secret: string, stopping?: AbortSignal): Promise<void> {
  const { own } = courier.address;
  if (own === null) return; // a script, which nobody can reach
  const url = `${own}${WEBHOOK_PATH}`;
  let due = await takeDue(courier, []);
  while (due.length > 0) {
    const taken = await Promise.all(due.map((event) => deliver(courier, url, secret, event)));
    const brought = due.filter((_event, index) => taken[index]);
    due = await takeDue(courier, brought, stopping?.aborted ? 0 : A_ROUND);
  }
}

/** Ticks off what was brought, and takes events that nobody else brings until their next attempt is due; what is forgotten is brought again. */
const takeDue = ({ db, clock }: Courier, brought: Due[], atMost = A_ROUND) => {
  const [now, ids] = [clock.now(), brought.map(({ id }) => id)];
  return db.$queryRaw<Due[]>`
    WITH brought AS (
      UPDATE sandbox.events SET due_at = NULL, delivered_at = ${now}::timestamptz WHERE id = ANY (${ids}::text[])
    )
    UPDATE sandbox.events SET attempts = attempts + 1,
      due_at = CASE WHEN created_at > ${later(now, -GIVEN_UP_MS)}::timestamptz THEN ${now}::timestamptz + interval '1 second'
        * least(${FIRST_RETRY_S}::int * power(2, least(attempts, 20)), ${LONGEST_RETRY_S}::int) END
    WHERE ${UNFLUSHED} AND id IN (SELECT id FROM sandbox.events WHERE due_at <= ${now}::timestamptz AND id <> ALL (${ids}::text[]) ORDER BY due_at, id
      LIMIT ${atMost}::int FOR UPDATE SKIP LOCKED)
    RETURNING id, body, copies, attempts`;
};

/** @returns whether the shop took it */
async function deliver({ clock, log }: Courier, url: string, secret: string, event: Due): Promise<boolean> {
  const { id, body, copies, attempts } = event;
  const bytes = Buffer.from(body);
  const answers = await Promise.all(
    Array.from({ length: copies }, () => post(url, secret, bytes, clock.now())),
  );
  const taken = answers.every((status) => status >= 200 && status < 300);
  if (!taken) log.warn({ event: id, attempts, answers }, "a webhook of the sandbox provider was not taken");
  return taken;
}

/** One event follows another: they share connections. */
const agent = new Agent({ keepAlive: true });

/** @returns the status it was answered with; 0 when it was not answered */
function post(url: string, secret: string, body: Buffer, at: Date): Promise<number> {
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    [SIGNATURE_HEADER]: sign(secret, body, at),
  };
  return new Promise((done) => {
    const sent = request(url, { method: "POST", headers, agent }, (answer) => {
      answer.on("error", () => undefined); // it is incomplete then
      answer.resume().once("close", () => {
        clearTimeout(late);
        done(answer.complete ? (answer.statusCode ?? 0) : 0);
      });
    });
    const late = setTimeout(() => sent.destroy(), ANSWER_LIMIT_MS);
    sent.once("error", () => {
      clearTimeout(late);
      done(0);
    });
    sent.end(body);
  });
}
