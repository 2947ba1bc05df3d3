import { setTimeout } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone } from "./support/builders";
import { cartsOf } from "./support/carts";

let app: TestApp;
let carts: ReturnType<typeof cartsOf>;
beforeAll(async () => {
  app = await startTestApp();
  carts = cartsOf(app);
});
afterAll(async () => {
  await app.close();
});

/** A cart with one thing for 10.00 EUR that goes there, and what it is told next. */
async function aCartTo(country: string) {
  const tea = await aProduct(app.db, { prices: { EUR: 1000n } });
  const { id: cartId } = await carts.cart("createCart", { lines: [{ variantId: tea.variant.id }] });
  const change = { cartId, shippingAddress: anAddress({ country }) };
  return () => carts.cart("updateCart", change);
}
const pricesOf = ({ deliveryOptions }: Awaited<ReturnType<Awaited<ReturnType<typeof aCartTo>>>>) =>
  deliveryOptions.map(({ handle, price }) => `${handle} ${price.amount}`);
const option = (handle: string, amount: bigint) => ({ handle, rates: { EUR: { amount } } });

test("what a zone, an option or a rate becomes is what a cart is told next", async () => {
  const { handle } = await aZone(app.db, { countries: ["AT"], options: [option("slow", 300n)] });
  const look = await aCartTo("AT");
  expect(pricesOf(await look())).toEqual(["slow 300"]);
  const zone = await app.db.deliveryZone.update({ where: { handle }, data: { taxRate: 100_000 } });
  expect((await look()).totals.tax.amount).toBe(91);
  await app.db.deliveryRate.updateMany({ where: { option: { zoneId: zone.id } }, data: { amount: 400n } });
  expect(pricesOf(await look())).toEqual(["slow 400"]);
  await app.db.deliveryRate.deleteMany({ where: { option: { zoneId: zone.id } } });
  const untaxed = await look();
  expect([pricesOf(untaxed), untaxed.totals.tax.amount]).toEqual([[], 91]); // still its zone
  await app.db.deliveryZone.update({ where: { handle }, data: { countries: ["CH"] } });
  expect((await look()).totals.tax.amount).toBe(0);
  expect((await (await aCartTo("CH"))()).totals.tax.amount).toBe(91);
});

test("a zone that names the country comes before the one for all others, the earlier before the later", async () => {
  await aZone(app.db, { countries: [], options: [option("anywhere", 900n)] });
  const look = await aCartTo("NO");
  expect(pricesOf(await look())).toEqual(["anywhere 900"]);
  const later = await aZone(app.db, { countries: ["SE", "NO"], options: [option("later", 800n)] });
  await app.db.deliveryZone.update({ where: { handle: later.handle }, data: { position: 2 } });
  expect(pricesOf(await look())).toEqual(["later 800"]);
  const earlier = await aZone(app.db, { countries: ["NO"], options: [option("earlier", 700n)] });
  expect(pricesOf(await look())).toEqual(["earlier 700"]);
  await app.db.deliveryZone.deleteMany({ where: { handle: { in: [later.handle, earlier.handle] } } });
  expect(pricesOf(await look())).toEqual(["anywhere 900"]);
});

test("two who change deliveries at once both count", async () => {
  const zones = await Promise.all(
    ["DK", "FI"].map((country) => aZone(app.db, { countries: [country], options: [option("post", 500n)] })),
  );
  const raise = (tx: Pick<typeof app.db, "deliveryRate">, handle = "") =>
    tx.deliveryRate.updateMany({ where: { option: { zone: { handle } } }, data: { amount: 600n } });
  const waiting = () =>
    app.db.$queryRaw<
      unknown[]
    >`SELECT pid FROM pg_locks WHERE relation = 'delivery_terms'::regclass AND NOT granted`;
  const [second] = await app.db.$transaction(async (tx) => {
    await raise(tx, zones[0]?.handle);
    const waited = Promise.resolve(raise(app.db, zones[1]?.handle)); // asked for: Prisma begins when it is
    while ((await waiting()).length === 0) await setTimeout(5);
    return [waited];
  });
  await second;
  for (const country of ["DK", "FI"])
    expect(pricesOf(await (await aCartTo(country))())).toEqual(["post 600"]);
});
