import { randomUUID } from "node:crypto";
import { toId } from "../src/platform/ids";
import { aPerson, type Person } from "./support/person";
import { inboxOf, standingOf, startWebhookShop, type WebhookShop } from "./support/webhook-shop";

let shop: WebhookShop;
let staff: Person;
beforeAll(async () => {
  shop = await startWebhookShop();
  staff = await aPerson(shop.app, "STAFF");
});
afterAll(() => shop.close());

const RESOLVE = `mutation($input: ResolveProviderEventInput!) { resolveProviderEvent(input: $input) {
  event { id provider eventId type state note receivedAt } userErrors { code path } } }`;
const ATTENTION =
  "{ paymentsNeedingAttention { nodes { reason message providerEventId order { id } operation { id } } } }";

async function resolve(id: string, note: string, key = randomUUID()) {
  const headers = { "idempotency-key": key };
  const { data } = await shop.app.ask(staff.token, RESOLVE, { input: { id, note } }, headers);
  return data.resolveProviderEvent;
}
const attention = async () =>
  (await shop.app.ask(staff.token, ATTENTION)).data.paymentsNeedingAttention.nodes as {
    providerEventId: string;
  }[];

test("a mismatch is on staff's list until somebody says that it is dealt with, once; no order moves by that", async () => {
  const attempt = await shop.attempt("waits");
  await shop.deliver(
    shop.script.tell(attempt.key, { outcome: { status: "SUCCEEDED", captured: true, amount: 1n } }),
  );
  const [kept] = await inboxOf(shop, attempt.key);
  const id = toId("pevt", kept!.id);
  expect(await attention()).toMatchObject([
    {
      ...{
        reason: "PROVIDER_EVENT",
        providerEventId: id,
        message: expect.stringContaining("amount 1 instead of"),
      },
      ...{
        order: { id: toId("order", attempt.orderUuid) },
        operation: { id: toId("payop", attempt.operation.id) },
      },
    },
  ]);
  const before = await standingOf(shop, attempt);
  const key = randomUUID();
  const done = await resolve(id, " asked the provider: a test of theirs ", key);
  expect(done).toMatchObject({ event: { id, provider: "scripted", state: "IGNORED" }, userErrors: [] });
  expect(done.event.note).toMatch(
    new RegExp(`^mismatch: .*\\n20\\S+Z ${staff.accountId}: asked the provider: a test of theirs$`),
  );
  expect(await resolve(id, " asked the provider: a test of theirs ", key)).toEqual(done);
  expect(await resolve(id, "again")).toEqual({
    event: null,
    userErrors: [{ code: "NOT_IN_REVIEW", path: ["id"] }],
  });
  expect(await attention()).toEqual([]);
  expect(await standingOf(shop, attempt)).toEqual(before);
  const read = await shop.app.ask(
    staff.token,
    "query($id: ID!) { node(id: $id) { ... on ProviderEvent { state note } } }",
    { id },
  );
  expect(read.data.node).toEqual({ state: "IGNORED", note: done.event.note });
});

test.each([
  ["a note of nothing", "NOTE_INVALID", "note", " "],
  ["a note too long", "NOTE_INVALID", "note", "x".repeat(501)],
  ["control characters", "NOTE_INVALID", "note", "\u0007"],
])("%s is refused", async (_what, code, path, note) => {
  expect(await resolve(toId("pevt", randomUUID()), note)).toEqual({
    event: null,
    userErrors: [{ code, path: [path] }],
  });
});

test.each([["pevt_nothing"], [toId("pevt", randomUUID())], [toId("order", randomUUID())]])(
  "no such event: %s",
  async (id) => {
    expect(await resolve(id, "done")).toEqual({
      event: null,
      userErrors: [{ code: "NOT_FOUND", path: ["id"] }],
    });
  },
);
