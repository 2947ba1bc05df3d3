import { request as httpRequest } from "node:http";
import { MINUTE, SECOND } from "../src/platform/clock";
import { startTestApp } from "./support/app";
import {
  type Attempt,
  inboxOf,
  standingOf,
  startWebhookShop,
  type WebhookShop,
} from "./support/webhook-shop";

let shop: WebhookShop;
let attempt: Attempt;
beforeAll(async () => {
  shop = await startWebhookShop();
});
beforeEach(async () => {
  attempt = await shop.attempt("waits");
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true });
});
afterAll(() => shop.close());

const WAITING = { status: "PENDING", paymentStatus: "PROCESSING", cart: "ACTIVE", reserved: 1 };
const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1 };
const told = () => shop.script.tell(attempt.key);

/** A POST and what it is answered. */
async function send(
  init: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer>; method?: string },
  provider = "scripted",
) {
  const response = await shop.request(`/webhooks/${provider}`, { method: "POST", ...init });
  const { errors } = (await response.json()) as {
    errors?: { message: string; extensions: { code: string } }[];
  };
  const [error] = errors ?? [];
  return {
    status: response.status,
    code: error?.extensions.code,
    message: error?.message,
    headers: response.headers,
  };
}
const signed = (body: string | Buffer, headers: Record<string, string> = {}) => {
  const bytes = Buffer.from(body);
  const signature = { "scripted-signature": shop.script.sign(bytes, shop.clock.now()) };
  return {
    body: new Uint8Array(bytes),
    headers: { "content-type": "application/json", ...signature, ...headers },
  };
};

test("what the provider tells pays for the order, and is kept without what is secret or personal", async () => {
  expect(await standingOf(shop, attempt)).toMatchObject(WAITING);
  const method = { brand: "visa", last4: "4242", expiryMonth: 1, expiryYear: 2030 };
  const nextAction = {
    type: "REDIRECT" as const,
    url: "https://provider.example/secret",
    clientSecret: "pi_secret",
  };
  const { orderNumber } = await shop.db.order
    .findUniqueOrThrow({ where: { id: attempt.orderUuid } })
    .then(({ number }) => ({ orderNumber: String(number) }));
  const sent = shop.script.tell(attempt.key, { orderNumber, outcome: { method, nextAction } });
  expect(await shop.deliver(sent)).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject({ ...PAID, booked: 2 });
  const payment = await shop.db.payment.findFirstOrThrow({ where: { orderId: attempt.orderUuid } });
  expect(payment).toMatchObject({ brand: "visa", last4: "4242" });
  const [kept, ...others] = await inboxOf(shop, attempt.key);
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ state: "PROCESSED", operationId: attempt.operation.id, note: null });
  const { amount, currency } = attempt.operation;
  expect(kept?.told).toEqual({
    ...{ key: attempt.key, kind: "AUTHORIZE", orderNumber },
    outcome: {
      ...{ status: "SUCCEEDED", captured: true, released: false, reason: null },
      ...{ amount: String(amount), currency, reference: expect.any(String) },
    },
  });
});

test("what is not genuine is refused with the reason; nothing of it is kept but a line in the log", async () => {
  shop.logged.length = 0;
  const before = await shop.db.providerEvent.count();
  const { body, headers } = told();
  const changed = Buffer.from(body);
  changed[changed.length - 2]! ^= 1;
  const anew = JSON.stringify(JSON.parse(body.toString()), null, 1);
  const json = { "content-type": "application/json" };
  const byAnother = shop.script.tell(attempt.key, {}, { secret: Buffer.alloc(32) });
  for (const forged of [
    { body: new Uint8Array(body), headers: json },
    { body: new Uint8Array(changed), headers },
    { body: anew, headers },
    { body: "", headers: { ...headers } },
    { body: new Uint8Array(byAnother.body), headers: byAnother.headers },
  ])
    expect(await send(forged)).toMatchObject({
      ...{ status: 400, code: "BAD_REQUEST", message: "The signature is missing or wrong." },
    });
  const at = (by: number) => {
    const moved = shop.script.tell(attempt.key, {}, { at: new Date(shop.clock.now().getTime() + by) });
    return send({ body: new Uint8Array(moved.body), headers: moved.headers });
  };
  expect(await at(-5 * MINUTE - SECOND)).toMatchObject({ status: 400, message: "The signature is too old." });
  expect(await at(10 * MINUTE)).toMatchObject({ status: 400, message: "The signature is from the future." });
  for (const nonsense of ["", "no", '{"id":"evt_\\u0000","type":"x","live":false,"event":null}'])
    expect(await send(signed(nonsense))).toMatchObject({
      status: 400,
      message: "The body could not be read.",
    });
  expect(await shop.db.providerEvent.count()).toBe(before);
  expect(await standingOf(shop, attempt)).toMatchObject({ ...WAITING, booked: 0 });
  const reasons = [
    ...Array(5).fill("signature"),
    "too old",
    "from the future",
    ...Array(3).fill("unreadable"),
  ];
  expect(shop.logged.map(({ level, msg, why }) => [level, msg, why])).toEqual(
    reasons.map((why) => [40, "a webhook was not believed", why]),
  );
  expect(JSON.stringify(shop.logged)).not.toContain(attempt.key);
});

test("what cannot be kept as it came is unreadable, not a fault", async () => {
  const before = await shop.db.providerEvent.count();
  for (const about of [
    { key: "payop_\0" },
    { orderNumber: "\ud800" },
    { outcome: { reference: "\0" } },
    { outcome: { reference: "x".repeat(256) } },
    { outcome: { currency: "E\0R" } },
    { outcome: { method: { brand: "\0", last4: null, expiryMonth: null, expiryYear: null } } },
  ]) {
    const { body, headers } = shop.script.tell(attempt.key, about);
    expect(await send({ body: new Uint8Array(body), headers })).toMatchObject({
      ...{ status: 400, message: "The body could not be read." },
    });
  }
  expect(await shop.db.providerEvent.count()).toBe(before);
  expect(await standingOf(shop, attempt)).toMatchObject(WAITING);
});

test("where a provider is switched off, there is nowhere to tell it", async () => {
  const app = await startTestApp({ SANDBOX_PAYMENTS: "false" });
  const path = new URL("/webhooks/sandbox", app.url);
  const answer = await fetch(path, { method: "POST", ...signed("{}") });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: "NOT_FOUND" } }] });
  await app.close();
});

test("what is no webhook: other methods, unknown providers, other bodies, too much of it", async () => {
  const before = await shop.db.providerEvent.count();
  for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
    const { status, headers } = await send({ method });
    expect([method, status, headers.get("allow")]).toEqual([method, 405, "POST"]);
  }
  expect((await shop.request("/webhooks/scripted", { method: "HEAD" })).status).toBe(405);
  for (const provider of ["nobody", "__proto__", "scripted/", "scripted%2F..", "SCRIPTED"])
    expect(await send(signed("{}"), provider)).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect(await send(signed("{}", { "content-type": "text/plain" }))).toMatchObject({ status: 415 });
  expect(await send(signed("{}", { "content-encoding": "gzip" }))).toMatchObject({ status: 415 });
  const huge = signed(Buffer.alloc(1_000_000, " "));
  expect(await send(huge)).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
  expect(await chunked(Buffer.alloc(300_000, " "))).toBe(413);
  expect(await shop.db.providerEvent.count()).toBe(before);
});

/** Sends a body without saying how long it is. */
const chunked = (body: Buffer) =>
  new Promise<number | undefined>((done, failed) => {
    const headers = { "content-type": "application/json" };
    const to = httpRequest(
      new URL("/webhooks/scripted", shop.app.url),
      { method: "POST", headers },
      (answer) => {
        answer.resume();
        done(answer.statusCode);
      },
    );
    to.on("error", failed);
    to.end(body);
  });

test("what nobody here acts upon is kept as that", async () => {
  const body = JSON.stringify({ id: "evt_customer", type: "customer.updated", live: false, event: null });
  for (let times = 0; times < 2; times++) expect(await send(signed(body))).toMatchObject({ status: 200 });
  const kept = await shop.db.providerEvent.findMany({ where: { eventId: "evt_customer" } });
  expect(kept).toMatchObject([{ type: "customer.updated", state: "IGNORED", told: null }]);
});

test("the same event 20 times at once on two servers, and again after three days: always 200, one effect", async () => {
  const sent = shop.script.tell(attempt.key, {}, { id: "evt_again" });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, turn) => shop.deliver(sent, turn % 2)));
  expect(answers).toEqual(Array(20).fill(200));
  const once = await standingOf(shop, attempt);
  expect(once).toMatchObject({ ...PAID, booked: 2 });
  shop.clock.advance(3 * 24 * 60 * MINUTE);
  expect(await shop.deliver(shop.script.tell(attempt.key, {}, { id: "evt_again" }))).toBe(200);
  expect(await standingOf(shop, attempt)).toEqual(once);
  expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "PROCESSED" }]);
});

test("while the database is away or slow, the provider is told to come again, in time; then it counts", async () => {
  const started = performance.now();
  let free = () => {};
  const held = new Promise<void>((done) => (free = done));
  const hold = shop.db.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE provider_events IN ACCESS EXCLUSIVE MODE`;
      await held;
    },
    { timeout: 10_000 },
  );
  await new Promise((done) => setTimeout(done, 100));
  const sent = told();
  const answer = await send({ body: new Uint8Array(sent.body), headers: sent.headers });
  expect(answer).toMatchObject({ status: 503, code: "SERVICE_UNAVAILABLE" });
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(performance.now() - started).toBeLessThan(2_000);
  free();
  await hold;
  expect(await shop.deliver(sent)).toBe(200);
});
