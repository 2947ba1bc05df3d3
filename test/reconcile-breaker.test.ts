import { createApp } from "../src/app";
import { settleDueOperations } from "../src/checkout/settle/settle-due-operations";
import { MINUTE, SECOND } from "../src/platform/clock";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";
import { movableClock } from "./support/clock";
import { scriptedProvider } from "./support/scripted-provider";

const clock = movableClock();
const [dead, alive] = [scriptedProvider(clock, "dead"), scriptedProvider(clock, "alive")];
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(
    { PAYMENT_TIMEOUT_MS: "300" },
    { clock, providers: [dead.provider, alive.provider] },
  );
  await aZone(app.db);
});
afterAll(() => app.close());

async function buy(provider: string) {
  const { variant } = await aProduct(app.db);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  await checkOut(app.ask, cart, { payment: { token: "mute", provider } });
}
const open = (provider: string) => app.db.paymentOperation.count({ where: { provider, status: "UNKNOWN" } });

test("a dead provider is not hammered, and holds up no other; when it is back, all is settled, once", async () => {
  for (let count = 0; count < 16; count++) await buy("dead");
  for (let count = 0; count < 3; count++) await buy("alive");
  dead.mood = "silent";
  dead.asked = 0;
  clock.advance(31 * SECOND);
  await settleDueOperations(app.platform);
  expect(await open("alive")).toBe(0);
  expect(await open("dead")).toBe(16);
  expect(dead.asked).toBeLessThanOrEqual(12); // those that were on their way when it fell silent

  const asked: number[] = [];
  for (let minute = 0; minute < 60; minute++) {
    const before = dead.asked;
    clock.advance(MINUTE);
    await settleDueOperations(app.platform);
    asked.push(dead.asked - before);
  }
  expect(Math.max(...asked)).toBeLessThanOrEqual(12);
  expect(await open("dead")).toBe(16);

  dead.mood = "answers";
  clock.advance(11 * MINUTE); // nobody waits longer for his next turn
  const second = await createApp(app.platform.config, { clock, providers: app.platform.services.providers });
  const before = dead.asked;
  await Promise.all([settleDueOperations(app.platform), settleDueOperations(second.platform)]);
  expect(dead.asked - before).toBe(16); // each by one of the two
  expect(await open("dead")).toBe(0);
  expect(await app.db.order.count({ where: { status: "OPEN", paymentStatus: "PAID" } })).toBe(19);
  await second.close();
});

test("more than a page of what is due is settled in one round", async () => {
  const made = Array.from({ length: 101 }, () => buy("alive"));
  await Promise.all(made);
  expect(await open("alive")).toBe(101);
  clock.advance(31 * SECOND);
  expect(await settleDueOperations(app.platform)).toBe(101);
  expect(await open("alive")).toBe(0);
});
