import { settleDueOperations } from "../src/checkout/settle/settle-due-operations";
import { DAY, MINUTE, SECOND } from "../src/platform/clock";
import { decideOnPage } from "./support/sandbox";
import { startSandboxShop } from "./support/sandbox-shop";

let shop: Awaited<ReturnType<typeof startSandboxShop>>;
beforeAll(async () => {
  shop = await startSandboxShop();
});
afterAll(() => shop.close());

test.each([
  ["sandbox:success", "PAID", "OPEN PAID"],
  ["sandbox:decline", "PAYMENT_DECLINED", "PENDING FAILED"],
  ["sandbox:insufficient_funds", "PAYMENT_DECLINED", "PENDING FAILED"],
  ["sandbox:late", "PROCESSING", "OPEN PAID"],
  ["sandbox:late_decline", "PROCESSING", "PENDING FAILED"],
  ["sandbox:timeout", "PROCESSING", "OPEN PAID"],
  ["sandbox:server_error", "PROCESSING", "OPEN PAID"],
  ["sandbox:duplicate", "PAID", "OPEN PAID"],
  ["sandbox:reordered", "PROCESSING", "OPEN PAID"],
])("%s: the buyer hears %s, and webhooks alone make it %s", async (token, heard, then) => {
  const paid = await shop.pay(token);
  expect(paid.heard).toBe(heard);
  await shop.goOn(16 * SECOND);
  expect(await shop.orderOf(paid.uuid)).toBe(then);
  await shop.goOn(MINUTE, { settles: true });
  expect(await shop.orderOf(paid.uuid)).toBe(then); // asking around changes nothing
});

test("sandbox:timeout_before: nobody was charged, and once the buyer's time is over the order knows", async () => {
  const paid = await shop.pay("sandbox:timeout_before");
  expect(paid.heard).toBe("PROCESSING");
  await shop.goOn(16 * SECOND);
  expect(await shop.orderOf(paid.uuid)).toBe("PENDING PROCESSING");
  for (let minutes = 0; minutes < 45; minutes += 5) {
    shop.clock.advance(5 * MINUTE);
    await settleDueOperations(shop.platform);
  }
  expect(await shop.orderOf(paid.uuid)).toBe("PENDING FAILED");
});

test.each([
  ["confirm", "OPEN PAID"],
  ["refuse", "PENDING FAILED"],
] as const)(
  "sandbox:action_required: the buyer is sent to the page; %s makes it %s",
  async (decision, then) => {
    const { uuid, next, heard } = await shop.pay("sandbox:action_required");
    expect(heard).toBe("PROCESSING");
    expect(next).toMatchObject({ type: "REDIRECT", clientSecret: null });
    await shop.goOn(4 * SECOND);
    expect(await shop.orderOf(uuid)).toBe("PENDING PROCESSING");
    const answer = await decideOnPage({ nextAction: next }, decision);
    expect(answer.headers.get("location")).toBe("https://shop.example/thanks");
    await shop.goOn(2 * SECOND);
    expect(await shop.orderOf(uuid)).toBe(then);
  },
);

test("what is authorised and not captured for a week is released, and the shop hears of it", async () => {
  const manual = await startSandboxShop({ PAYMENT_CAPTURE: "manual" });
  const paid = await manual.pay("sandbox:success");
  await manual.goOn(2 * SECOND);
  expect(await manual.orderOf(paid.uuid)).toBe("OPEN AUTHORIZED");
  manual.clock.advance(7 * DAY);
  await manual.goOn(2 * SECOND);
  expect(await manual.orderOf(paid.uuid)).toBe("OPEN VOIDED");
  await manual.close();
});

test("every event is taken by the shop, and none waits for somebody to look at it", async () => {
  await shop.goOn(20 * SECOND);
  const [{ waiting }] = await shop.db.$queryRaw<[{ waiting: number }]>`
    SELECT count(*)::int AS waiting FROM sandbox.events WHERE delivered_at IS NULL`;
  expect(waiting).toBe(0);
  const states = await shop.db.providerEvent.groupBy({ by: ["state"], _count: true });
  expect(
    states.map(({ state }) => state).filter((state) => state !== "PROCESSED" && state !== "IGNORED"),
  ).toEqual([]);
});
