import { advanceOrder, settleDueOperations } from "../src/checkout";
import { outcomeOf, type PaymentProvider, type ProviderOutcome } from "../src/payments";
import { DAY, later, MINUTE, SECOND } from "../src/platform/clock";
import { newId, readId, toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, unique } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { aPerson, type Person } from "./support/person";
import { aProvider } from "./support/providers";

const clock = movableClock();
/** Answers as the token says, unless it is told to answer otherwise to authorisations and to what follows them. */
const answers: { authorize?: ProviderOutcome; void?: ProviderOutcome } = {};
const usual = aProvider();
const provider: PaymentProvider = {
  ...usual,
  authorize: async (ask) => answers.authorize ?? usual.authorize(ask),
  void: async (ask) => answers.void ?? usual.void(ask),
};
let app: TestApp;
let staff: Person;
let variantId: string;
beforeAll(async () => {
  app = await startTestApp({ PAYMENT_CAPTURE: "manual" }, { clock, providers: [provider] });
  await aZone(app.db);
  variantId = (await aProduct(app.db, { stock: 1_000 })).variant.id;
  staff = await aPerson(app, "STAFF");
});
beforeEach(() => {
  answers.authorize = undefined;
  answers.void = undefined;
});
afterAll(() => app.close());

const NODES = `reason message since providerEventId order { id number status } payment { id } operation { id kind status }`;
const LIST = `query($first: Int, $after: String) { paymentsNeedingAttention(first: $first, after: $after) {
  nodes { ${NODES} } pageInfo { hasNextPage endCursor } totalCount } }`;
type Row = {
  reason: string;
  message: string;
  since: string;
  providerEventId: string | null;
  order: { id: string; number: string; status: string } | null;
  payment: { id: string } | null;
  operation: { id: string; kind: string; status: string } | null;
};
/** Time passes; a session may have ended by then. */
async function pass(milliseconds: number) {
  clock.advance(milliseconds);
  staff = await aPerson(app, "STAFF");
}
async function list(variables: object = { first: 100 }) {
  const { data, errors } = await app.ask(staff.token, LIST, variables);
  expect(errors).toEqual([]);
  const page = data.paymentsNeedingAttention as {
    nodes: Row[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
  return page;
}
/** What is listed about an order. */
const about = async (order: { id: string }) =>
  (await list()).nodes.filter((row) => row.order?.id === order.id);

type Ordered = { id: string; payments: { id: string; operations: { id: string }[] }[] };
async function anOrder(
  token = "success",
): Promise<Ordered & { cart: Awaited<ReturnType<typeof aFullCart>> }> {
  const cart = await aFullCart(app.ask, null, { variantId });
  const { data } = await checkOut(app.ask, cart, { payment: { token } });
  return { ...data.checkout.order, cart };
}
const lastOperation = ({ payments }: Ordered) =>
  readId("payop", payments.at(-1)?.operations.at(-1)?.id ?? "") ?? "";

test("a healthy shop has nothing to look at", async () => {
  await anOrder();
  await anOrder("decline");
  await anOrder("silence");
  expect(await list()).toMatchObject({ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false } });
});

test("a provider's silence of minutes calls nobody; one that lasts does, until the provider is heard", async () => {
  const orders = [];
  for (let made = 0; made < 5; made++) orders.push(await anOrder("silence"));
  for (let minute = 0; minute < 9; minute++) {
    await pass(MINUTE);
    await settleDueOperations(app.platform);
  }
  expect((await list()).nodes).toEqual([]);
  await pass(MINUTE);
  const order = orders[0]!;
  expect(await about(order)).toEqual([
    expect.objectContaining({
      reason: "OUTCOME_UNKNOWN",
      message: expect.stringContaining("10 minutes"),
      providerEventId: null,
      order: expect.objectContaining({ id: order.id, status: "PENDING" }),
      payment: { id: order.payments[0]?.id },
      operation: expect.objectContaining({ kind: "AUTHORIZE", status: "UNKNOWN" }),
    }),
  ]);
  answers.authorize = outcomeOf("FAILED", { reason: "declined" });
  await pass(10 * MINUTE);
  await settleDueOperations(app.platform);
  expect((await list()).nodes).toEqual([]);
});

test("a buyer who has to act has his own time first", async () => {
  answers.authorize = outcomeOf("ACTION_REQUIRED");
  const order = await anOrder();
  await pass(39 * MINUTE);
  expect(await about(order)).toEqual([]);
  await pass(2 * MINUTE);
  expect(await about(order)).toMatchObject([
    { reason: "OUTCOME_UNKNOWN", operation: { status: "ACTION_REQUIRED" } },
  ]);
  await settleDueOperations(app.platform); // the provider calls it off
  expect(await about(order)).toEqual([]);
});

test("a provider that speaks of other money than it was asked for is listed at once", async () => {
  answers.authorize = outcomeOf("SUCCEEDED", { amount: 1n, currency: "EUR", reference: newId() });
  const order = await anOrder();
  expect(await about(order)).toMatchObject([
    {
      reason: "MISMATCH",
      message: expect.stringContaining("another amount or currency"),
      operation: { status: "UNKNOWN" },
    },
  ]);
});

test("an event that waits for a person is listed with its note, whether it is of an operation or not", async () => {
  const order = await anOrder();
  const ids = [newId(), newId()];
  const at = app.platform.clock.now();
  const event = { provider: "test", type: "dispute.created", state: "REVIEW" as const, receivedAt: at };
  const operationId = lastOperation(order);
  await app.db.providerEvent.createMany({
    data: [
      { ...event, id: ids[0]!, eventId: unique(), note: "amount 1 instead of 2", operationId },
      { ...event, id: ids[1]!, eventId: unique(), note: "not ours" },
      { ...event, id: newId(), eventId: unique(), state: "IGNORED", note: "old news" },
    ],
  });
  expect(await about(order)).toMatchObject([
    {
      reason: "PROVIDER_EVENT",
      message: expect.stringContaining("amount 1 instead of 2"),
      since: at.toISOString(),
      providerEventId: toId("pevt", ids[0]!),
      operation: { kind: "AUTHORIZE" },
    },
  ]);
  const { nodes } = await list();
  expect(nodes.filter(({ reason }) => reason === "PROVIDER_EVENT")).toHaveLength(2);
  expect(nodes.find(({ providerEventId }) => providerEventId === toId("pevt", ids[1]!))).toMatchObject({
    ...{ order: null, payment: null, operation: null },
  });
});

test("money that buys nothing and cannot be given back is listed, with why", async () => {
  const declined = await anOrder("decline");
  const { data } = await checkOut(app.ask, declined.cart, { payment: { token: "success" } });
  expect(data.checkout.order.status).toBe("OPEN");
  const late = outcomeOf("SUCCEEDED", { reference: newId() });
  await advanceOrder(app.platform, lastOperation(declined), late);
  expect(await about(declined)).toEqual([]); // it is being given back
  answers.void = outcomeOf("FAILED", { reason: "refused" });
  await pass(SECOND);
  await settleDueOperations(app.platform);
  expect(await about(declined)).toMatchObject([
    {
      reason: "GIVE_BACK_FAILED",
      message: expect.stringContaining("refused"),
      payment: { id: declined.payments[0]?.id },
      operation: { kind: "VOID", status: "FAILED" },
    },
  ]);
});

test("what a cancellation could not give back is listed until staff have given it back", async () => {
  const order = await anOrder();
  answers.void = outcomeOf("FAILED", { reason: "refused" });
  const asStaff = (document: string, input: object) =>
    app.ask(staff.token, document, { input }, { "idempotency-key": newId() });
  const CANCEL = "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { userErrors { code } } }";
  const VOID = "mutation($input: VoidPaymentInput!) { voidPayment(input: $input) { userErrors { code } } }";
  expect((await asStaff(CANCEL, { orderId: order.id })).data.cancelOrder.userErrors).toEqual([]);
  expect(await about(order)).toMatchObject([{ reason: "GIVE_BACK_FAILED", order: { status: "CANCELLED" } }]);
  answers.void = undefined;
  const paymentId = order.payments[0]?.id;
  expect((await asStaff(VOID, { paymentId })).data.voidPayment.userErrors).toEqual([]);
  expect(await about(order)).toEqual([]);
});

test("an open order whose authorisation has ended is listed", async () => {
  const order = await anOrder();
  await advanceOrder(app.platform, lastOperation(order), outcomeOf("FAILED", { reason: "expired" }));
  expect(await about(order)).toMatchObject([
    {
      reason: "AUTHORIZATION_LAPSED",
      order: { status: "OPEN" },
      payment: { id: order.payments[0]?.id },
      operation: { kind: "VOID", status: "SUCCEEDED" },
    },
  ]);
});

test("an authorisation that will end soon is listed from its fifth day on", async () => {
  const order = await anOrder();
  const placed = await app.db.order.findUniqueOrThrow({ where: { id: readId("order", order.id) ?? "" } });
  await pass(5 * DAY - MINUTE);
  expect(await about(order)).toEqual([]);
  await pass(2 * MINUTE);
  expect(await about(order)).toMatchObject([
    {
      reason: "AUTHORIZATION_EXPIRES_SOON",
      since: later(placed.placedAt, 5 * DAY).toISOString(),
      operation: { kind: "AUTHORIZE", status: "SUCCEEDED" },
    },
  ]);
});

test("page by page, each comes once, longest waiting first", async () => {
  const all = await list();
  expect(all.totalCount).toBe(all.nodes.length);
  expect(all.nodes.length).toBeGreaterThan(5);
  const since = all.nodes.map((row) => row.since);
  expect(since).toEqual(since.toSorted());
  const seen: Row[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { nodes, pageInfo } = await list({ first: 2, after });
    seen.push(...nodes);
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  expect(seen).toEqual(all.nodes);
  const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString("base64url");
  for (const variables of [
    { first: 0 },
    { after: "x" },
    { after: cursor([-1, newId()]) },
    { after: cursor([1, "x"]) },
  ])
    expect((await app.ask(staff.token, LIST, variables)).codes).toEqual(["BAD_USER_INPUT"]);
});

test("a page costs one statement, and one for each kind of thing asked for, however long it is", async () => {
  const cost = (selection: string) =>
    countStatements(async () => expect((await app.ask(staff.token, selection)).errors).toEqual([]));
  const nobody = await cost("{ __typename }"); // who asks is looked up
  for (const first of [1, 5]) {
    expect(
      await cost(`{ paymentsNeedingAttention(first: ${first}) { nodes { reason message since } } }`),
    ).toBe(nobody + 1);
    expect(await cost(`{ paymentsNeedingAttention(first: ${first}) { nodes { ${NODES} } } }`)).toBe(
      nobody + 4,
    );
  }
});
