import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { DAY, MINUTE, SECOND } from "../src/platform/clock";
import { describeDrift } from "../src/settlement/reconcile/drift";
import { reconcile } from "../src/settlement/reconcile/reconcile";
import { aPerson, type Person } from "./support/person";
import { startSandboxShop } from "./support/sandbox-shop";
import { anOrderOf, euros, settlementsOf } from "./support/settlements";

let shop: Awaited<ReturnType<typeof startSandboxShop>>;
/** Another shop, nine days ago. */
let past: typeof shop;
let staff: Person;
beforeAll(async () => {
  past = await startSandboxShop({ PAYMENT_CAPTURE: "manual" });
  past.clock.advance(-9 * DAY);
  shop = await startSandboxShop({ PAYMENT_CAPTURE: "manual" });
  staff = await aPerson(shop, "STAFF");
});
afterAll(async () => {
  await past.close({ booksBroken: true });
  await shop.close();
});

async function differences() {
  const lines: string[] = [];
  const { unread, inReview } = await reconcile(shop.platform, 30, (drift) =>
    lines.push(describeDrift(drift)),
  );
  expect({ unread, inReview }).toEqual({ unread: [], inReview: 0 });
  return lines;
}

test("all that a sandbox can do to a shop leaves the books of both the same, though every second webhook is lost", async () => {
  const does = settlementsOf(shop.ask, staff);
  for (const token of ["success", "follow_up_late", "follow_up_timeout", "follow_up_refused", "duplicate"]) {
    const { paymentId } = await anOrderOf(shop, `sandbox:${token}`);
    await does("capturePayment", { paymentId, amount: euros(30_00) });
    await shop.goOn(6 * SECOND, { settles: true });
    await does("capturePayment", { paymentId, amount: euros(20_00) });
    await shop.goOn(MINUTE, { settles: true });
    await does("refundPayment", { paymentId, amount: euros(10_00) });
    await does("voidPayment", { paymentId });
    await shop.db.$executeRaw`
      UPDATE sandbox.events SET due_at = NULL WHERE due_at IS NOT NULL AND ascii(right(id, 1)) % 2 = 0`;
  }
  for (const token of ["decline", "late", "late_decline", "timeout", "server_error", "reordered", "success"])
    await shop.pay(`sandbox:${token}`);
  await shop.db.$executeRaw`UPDATE sandbox.events SET due_at = NULL WHERE ascii(right(id, 1)) % 2 = 0`;
  await shop.goOn(90 * SECOND, { settles: true });
  expect(await differences()).toEqual([]);
  shop.clock.advance(7 * DAY); // what was not captured lapses
  await shop.goOn(10 * SECOND, { settles: true });
  await shop.db
    .$executeRaw`UPDATE sandbox.events SET due_at = least(due_at, ${shop.clock.now()}::timestamptz)`;
  await shop.goOn(10 * SECOND);
  shop.clock.advance(2 * MINUTE);
  expect(await differences()).toEqual([]);
});

/** The built script on this test's database, as an operator starts it. */
const runScript = (...args: string[]) =>
  new Promise<{ code: number | string | undefined; out: string }>((done) => {
    const env = {
      NODE_ENV: "production",
      SANDBOX_PAYMENTS: "true",
      MASTER_KEY: randomBytes(32).toString("base64"),
      TOKEN_SECRET: randomBytes(32).toString("hex"),
      DATABASE_URL: past.database.url,
      DATABASE_OWNER_URL: past.database.ownerUrl,
    };
    execFile(
      process.execPath,
      [resolve("dist/scripts/reconcile.js"), ...args],
      { env },
      (error, out, complaints) => done({ code: error?.code ?? 0, out: out + complaints }),
    );
  });

test("npm run reconcile says that the books agree, or each difference, and ends with 1", async () => {
  const { uuid } = await anOrderOf(past);
  expect(await runScript()).toEqual({ code: 0, out: "The books of the last 7 days agree.\n" });
  const operation = await past.db.paymentOperation.findFirstOrThrow({
    where: { orderId: uuid },
    include: { order: true },
  });
  const { idempotencyKey, order } = operation;
  await past.db.$executeRaw`DELETE FROM sandbox.movements WHERE key = ${idempotencyKey}`;
  const missing = `DRIFT  sandbox AUTHORIZE ${idempotencyKey} of order ${order.number}: theirs nothing, ours 10000 EUR\n`;
  expect(await runScript("--days", "30")).toEqual({
    ...{ code: 1, out: `${missing}Differences in the last 30 days: 1.\n` },
  });
});

test.each([["0"], ["x"], ["400"]])("--days %s is refused in a line", async (days) => {
  expect(await runScript(`--days=${days}`)).toEqual({
    code: 1,
    out: "--days takes a number from 1 to 366\n",
  });
});
