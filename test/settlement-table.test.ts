import { settleDueOperations } from "../src/checkout";
import { expireOrders, ORDER_LIFE_MS } from "../src/checkout/settle/expire-orders";
import type { PaymentOperationStatus } from "../src/generated/prisma/enums";
import { later, MINUTE } from "../src/platform/clock";
import { startTestApp } from "./support/app";
import { aZone } from "./support/builders";
import { movableClock } from "./support/clock";
import { moodyLine } from "./support/moody-provider";
import { aPerson } from "./support/person";
import {
  anOrderOf,
  euros,
  type Settlement,
  type Sold,
  settledAs,
  settlementsOf,
} from "./support/settlements";

// Every state that an order and its payment can be in, against everything that can be asked of them.
const clock = movableClock();
let manual: Shop;
let automatic: Shop;
beforeAll(async () => {
  [automatic, manual] = await Promise.all([startShop({}), startShop({ PAYMENT_CAPTURE: "manual" })]);
});
afterAll(async () => {
  for (const { app } of [automatic, manual]) await app.close();
});

async function startShop(settings: Record<string, string>) {
  const app = await startTestApp(settings, { clock });
  const line = moodyLine(app.platform.services.providers);
  await aZone(app.db);
  return { app, line, does: settlementsOf(app.ask, await aPerson(app, "STAFF")) };
}
type Shop = Awaited<ReturnType<typeof startShop>>;
type Made = Sold & { shop: Shop };
const authorized = async (token?: string): Promise<Made> => ({
  shop: manual,
  ...(await anOrderOf(manual.app, token)),
});
const paid = async (token?: string): Promise<Made> => ({
  shop: automatic,
  ...(await anOrderOf(automatic.app, token)),
});
type Make = () => Promise<Made>;
const inputFor = (field: Settlement, { id, paymentId }: Sold) =>
  field === "cancelOrder" ? { orderId: id } : { paymentId };
/** The order after one thing more was asked of it, whatever came of that. */
const then =
  (make: Make, field: Settlement, amount?: object): Make =>
  async () => {
    const made = await make();
    await made.shop.does(field, { ...inputFor(field, made), ...(amount && { amount }) });
    return made;
  };
/** The same, but nobody hears what the provider says to the last thing. */
const unheard =
  (make: Make, field: Settlement, amount?: object): Make =>
  async () => {
    const made = await make();
    const { line } = made.shop;
    line.mood = "mute";
    await then(async () => made, field, amount)();
    line.mood = "answers";
    return made;
  };
async function unheardAuthorization(): Promise<Made> {
  manual.line.mood = "mute";
  const made = await authorized();
  manual.line.mood = "answers";
  return made;
}

/** Never paid for: a day later it is over. */
async function expired(): Promise<Made> {
  const made = await paid("sandbox:decline");
  const dayAfter = { now: () => later(clock.now(), ORDER_LIFE_MS + MINUTE) };
  await expireOrders({ ...made.shop.app.platform, clock: dayAfter });
  return made;
}

const [OK, WRONG, REFUSED] = ["OK", "WRONG_STATE", "PROVIDER_REFUSED"];
const [NO_CAPTURE, NO_VOID, NO_REFUND] = ["NOTHING_TO_CAPTURE", "NOTHING_TO_VOID", "REFUND_EXCEEDS_CAPTURED"];
type Cells = [capture: string, void_: string, refund: string, cancel: string];
const table: [state: string, make: Make, cells: Cells][] = [
  ["waiting for its buyer", () => paid("sandbox:action_required"), [WRONG, WRONG, NO_REFUND, OK]],
  ["authorised, but nobody heard", unheardAuthorization, [WRONG, WRONG, NO_REFUND, WRONG]],
  ["to be told later", () => authorized("sandbox:late"), [WRONG, WRONG, NO_REFUND, WRONG]],
  ["declined", () => paid("sandbox:decline"), [NO_CAPTURE, NO_VOID, NO_REFUND, OK]],
  ["expired", expired, [NO_CAPTURE, NO_VOID, NO_REFUND, WRONG]],
  ["authorised", authorized, [OK, OK, NO_REFUND, OK]],
  ["captured in part", then(authorized, "capturePayment", euros(1_00)), [OK, OK, OK, OK]],
  ["captured", paid, [NO_CAPTURE, NO_VOID, OK, OK]],
  ["voided", then(authorized, "voidPayment"), [NO_CAPTURE, NO_VOID, NO_REFUND, OK]],
  [
    "captured in part, the rest voided",
    then(then(authorized, "capturePayment", euros(1_00)), "voidPayment"),
    [NO_CAPTURE, NO_VOID, OK, OK],
  ],
  ["refunded in part", then(paid, "refundPayment", euros(1_00)), [NO_CAPTURE, NO_VOID, OK, OK]],
  ["refunded", then(paid, "refundPayment"), [NO_CAPTURE, NO_VOID, NO_REFUND, OK]],
  [
    "a capture refused",
    then(() => authorized("sandbox:follow_up_refused"), "capturePayment"),
    [REFUSED, REFUSED, NO_REFUND, OK],
  ],
  [
    "a capture that nobody heard of",
    unheard(authorized, "capturePayment", euros(1_00)),
    [WRONG, WRONG, NO_REFUND, WRONG],
  ],
  [
    "a capture to be told later",
    then(() => authorized("sandbox:follow_up_late"), "capturePayment"),
    [WRONG, WRONG, NO_REFUND, WRONG],
  ],
  ["a void that nobody heard of", unheard(authorized, "voidPayment"), [WRONG, WRONG, NO_REFUND, WRONG]],
  [
    "a refund that nobody heard of",
    unheard(paid, "refundPayment", euros(1_00)),
    [NO_CAPTURE, NO_VOID, OK, WRONG],
  ],
  ["cancelled and voided", then(authorized, "cancelOrder"), [WRONG, NO_VOID, NO_REFUND, WRONG]],
  ["cancelled and refunded", then(paid, "cancelOrder"), [WRONG, NO_VOID, NO_REFUND, WRONG]],
  [
    "cancelled, the void refused",
    then(() => authorized("sandbox:follow_up_refused"), "cancelOrder"),
    [WRONG, REFUSED, NO_REFUND, WRONG],
  ],
  [
    "cancelled, the refund refused",
    then(() => paid("sandbox:follow_up_refused"), "cancelOrder"),
    [WRONG, NO_VOID, REFUSED, WRONG],
  ],
];

const asked: Settlement[] = ["capturePayment", "voidPayment", "refundPayment", "cancelOrder"];
const operationsOf = ({ shop, uuid }: Made) =>
  shop.app.db.paymentOperation.findMany({ where: { orderId: uuid }, orderBy: { id: "asc" } });

test.each(table)("%s", async (_state, make, cells) => {
  const made = await make();
  const written = await operationsOf(made);
  const results = new Map<Settlement, string>();
  const ask = async (of: Made, field: Settlement) =>
    results.set(field, settledAs(await of.shop.does(field, inputFor(field, of))));
  const has = (field: Settlement, ...codes: (string | undefined)[]) =>
    codes.includes(cells[asked.indexOf(field)]);

  // What is refused leaves no trace, so that all of it can be asked of one order.
  for (const field of asked.filter((one) => !has(one, OK, REFUSED))) await ask(made, field);
  expect(await operationsOf(made)).toEqual(written);
  for (const field of asked.filter((one) => has(one, OK, REFUSED))) {
    const fresh = await make();
    await ask(fresh, field);
    if (field !== "cancelOrder") expect(await operationsOf(fresh)).toHaveLength(written.length + 1);
  }
  expect(asked.map((field) => results.get(field))).toEqual(cells);
});

test("all that was left open is settled in the end", async () => {
  clock.advance(31 * MINUTE); // the buyers' time is over too
  const open: PaymentOperationStatus[] = ["PENDING", "ACTION_REQUIRED", "UNKNOWN"];
  for (const { app } of [automatic, manual]) {
    while ((await settleDueOperations(app.platform)) > 0);
    expect(await app.db.paymentOperation.count({ where: { status: { in: open } } })).toBe(0);
  }
});
