import { setTimeout as wait } from "node:timers/promises";
import { checkAuthorizations } from "../src/checkout/settle/check-authorizations";
import { expireOrders } from "../src/checkout/settle/expire-orders";
import { expireReservations } from "../src/checkout/settle/expire-reservations";
import { DAY, HOUR, later, MINUTE, SECOND } from "../src/platform/clock";
import type { FaultPoint } from "../src/platform/fault-points";
import { type BankShop, startBankShop } from "./support/bank-shop";
import { reprice } from "./support/builders";

let shop: BankShop;
let manual: BankShop;
/** Set by a test: what happens at a moment. */
let at: (point: FaultPoint) => void = () => {};
beforeAll(async () => {
  const reached = (point: FaultPoint) => at(point);
  shop = await startBankShop({}, { reached });
  manual = await startBankShop({ PAYMENT_CAPTURE: "manual" });
});
beforeEach(() => {
  at = () => {};
  for (const { bank } of [shop, manual]) bank.silent = false;
});
afterAll(async () => {
  await shop.close();
  await manual.close();
});

const PROCESSING = { status: "PENDING", paymentStatus: "PROCESSING", cart: "ACTIVE", held: 0 };
const EXPIRED = {
  status: "EXPIRED",
  paymentStatus: "FAILED",
  cart: "ACTIVE",
  reserved: 0,
  taken: 0,
  held: 0,
};
const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1, taken: 990, held: 0 };
const eventsOf = (cart: { uuid: string }, type: string) =>
  shop.db.orderEvent.count({ where: { type, order: { cartId: cart.uuid } } });

describe("stock that is held for a buyer nobody heard of", () => {
  test("is free when his time is over; a payment that turns out to have succeeded takes it again", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "mute");
    shop.bank.silent = true;
    shop.clock.advance(30 * MINUTE - 10 * SECOND);
    await expireReservations(shop.platform);
    expect(await shop.standing(cart)).toEqual({ ...PROCESSING, reserved: 1, taken: 990 });
    shop.clock.advance(11 * SECOND);
    await expireReservations(shop.platform);
    expect(await shop.standing(cart)).toEqual({ ...PROCESSING, reserved: 0, taken: 990 });
    shop.bank.silent = false;
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("sold to another meanwhile: the first buyer's money is given back by itself", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "mute");
    shop.bank.silent = true;
    shop.clock.advance(31 * MINUTE);
    await expireReservations(shop.platform);
    shop.bank.silent = false;
    expect((await shop.pay(await shop.aRival(cart), "card")).order).toMatchObject({ status: "OPEN" });
    const resumed = await shop.resume(cart);
    expect(resumed.userErrors).toMatchObject([{ code: "OUT_OF_STOCK" }]);
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual({
      ...{ status: "PENDING", paymentStatus: "REFUNDED", cart: "ACTIVE", reserved: 1, taken: 0, held: 0 },
    });
  });

  test("is not taken from one whose provider is answering just now", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "wait");
    shop.clock.advance(30 * MINUTE + SECOND);
    const asked = shop.bank.lookedUp.length;
    shop.bank.slowMs = 300;
    const sweeping = shop.sweep();
    while (shop.bank.lookedUp.length === asked) await wait(5);
    await expireReservations(shop.platform);
    expect((await shop.standing(cart)).reserved).toBe(1);
    shop.bank.slowMs = 0;
    await sweeping; // it still waits
    shop.clock.advance(31 * SECOND);
    await expireReservations(shop.platform);
    expect((await shop.standing(cart)).reserved).toBe(0);
    shop.bank.confirm(await shop.keyOf(first));
    await shop.resume(cart);
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("a server that dies over it leaves everything as it was", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "deaf");
    shop.clock.advance(31 * MINUTE);
    at = (point) => {
      if (point === "expiry.expiring") throw new Error("killed");
    };
    await expireReservations(shop.platform);
    expect((await shop.standing(cart)).reserved).toBe(1);
    at = () => {};
    await expireReservations(shop.platform);
    expect((await shop.standing(cart)).reserved).toBe(0);
    await shop.sweep();
  });

  test.each([-1, 0, 1])(
    "paid %s ms from the end of his time, a rival at the shelf: goods or money back",
    async (offset) => {
      const carts = await Promise.all(Array.from({ length: 6 }, () => shop.aCart()));
      const rivals = await Promise.all(carts.map(shop.aRival));
      for (const cart of carts) shop.bank.confirm(await shop.keyOf(await shop.pay(cart, "action")));
      const { expiresAt } = await shop.db.reservation.findFirstOrThrow({
        where: { order: { cartId: carts.at(-1)?.uuid ?? "" } },
      });
      shop.clock.advance(later(expiresAt, offset).getTime() - shop.clock.now().getTime());
      const sweeps = Array.from({ length: 4 }, () => expireReservations(shop.platform));
      const buying = rivals.map((rival) => shop.pay(rival, "card"));
      await Promise.all([...sweeps, ...buying, ...carts.map((cart) => shop.resume(cart)), shop.sweep()]);
      await shop.sweep(); // what is to be given back
      for (const [index, cart] of carts.entries()) {
        const rival = (await buying[index])?.order?.status === "OPEN";
        const { status, taken, reserved } = await shop.standing(cart);
        expect({ status, taken, reserved }).toEqual({
          status: rival ? "PENDING" : "OPEN",
          taken: rival ? 0 : 990,
          reserved: 1,
        });
      }
    },
  );
});

describe("orders nobody pays", () => {
  test("expire after a day, and the same cart can be checked out again at today's price", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "decline");
    shop.clock.advance(DAY - MINUTE);
    await expireOrders(shop.platform);
    expect(await shop.standing(cart)).toMatchObject({ status: "PENDING" });
    shop.clock.advance(2 * MINUTE);
    await expireOrders(shop.platform);
    expect(await shop.standing(cart)).toEqual(EXPIRED);
    await reprice(shop.db, cart.variantUuid, 600n);
    expect((await shop.pay(cart, "card")).userErrors).toMatchObject([{ code: "TOTAL_CHANGED" }]);
    const again = await shop.pay(cart, "card", { expectedTotal: { amount: 1090, currency: "EUR" } });
    expect(again.order).toMatchObject({ status: "OPEN", paymentStatus: "PAID" });
    expect(await shop.standing(cart)).toEqual({ ...PAID, taken: 1090 });
  });

  test("not while a provider is being asked", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "wait");
    shop.clock.advance(2 * DAY);
    await expireOrders(shop.platform);
    expect(await shop.standing(cart)).toMatchObject({ status: "PENDING" });
    shop.bank.refuse(await shop.keyOf(await shop.resume(cart)));
    await shop.resume(cart);
    await expireReservations(shop.platform);
    await expireOrders(shop.platform);
    expect(await shop.standing(cart)).toMatchObject({ status: "PENDING" }); // its day begins with the decline
    shop.clock.advance(DAY);
    await expireOrders(shop.platform);
    expect(await shop.standing(cart)).toEqual(EXPIRED);
  });

  test("by servers at once: each once", async () => {
    const carts = await Promise.all(Array.from({ length: 5 }, () => shop.aCart()));
    for (const cart of carts) await shop.pay(cart, "decline");
    shop.clock.advance(DAY + MINUTE);
    let expiring = 0;
    at = (point) => {
      if (point === "expiry.expiring") expiring++;
    };
    await Promise.all(Array.from({ length: 5 }, () => expireOrders(shop.platform)));
    expect(expiring).toBe(5);
    for (const cart of carts) {
      expect(await shop.standing(cart)).toEqual(EXPIRED);
      expect(await eventsOf(cart, "order.expired")).toBe(1);
    }
  });

  test("against a checkout of the same cart: one of both, never an order that is paid and expired", async () => {
    const carts = await Promise.all(Array.from({ length: 8 }, () => shop.aCart()));
    for (const cart of carts) await shop.pay(cart, "decline");
    shop.clock.advance(DAY + MINUTE);
    const buying = carts.map((cart) => shop.pay(cart, "card"));
    await Promise.all([...buying, expireOrders(shop.platform), expireOrders(shop.platform)]);
    for (const cart of carts) expect(await shop.standing(cart)).toEqual(PAID);
  });
});

describe("authorisations that end by themselves", () => {
  const HELD = {
    status: "OPEN",
    paymentStatus: "AUTHORIZED",
    cart: "ORDERED",
    reserved: 1,
    taken: 0,
    held: 990,
  };

  test("are found out after six days, booked as a void, and leave the order open", async () => {
    const cart = await manual.aCart();
    const first = await manual.pay(cart, "card");
    const key = await manual.keyOf(first);
    const askedAbout = () => manual.bank.lookedUp.filter((one) => one === key).length;
    manual.clock.advance(6 * DAY - HOUR);
    await checkAuthorizations(manual.platform);
    expect(askedAbout()).toBe(0);
    manual.clock.advance(2 * HOUR);
    await Promise.all(Array.from({ length: 4 }, () => checkAuthorizations(manual.platform)));
    expect(askedAbout()).toBe(1); // once a day, however many servers look
    expect(await manual.standing(cart)).toEqual(HELD);
    manual.bank.lapse(key);
    manual.clock.advance(DAY + HOUR);
    await checkAuthorizations(manual.platform);
    expect(askedAbout()).toBe(2);
    expect(await manual.standing(cart)).toEqual({ ...HELD, paymentStatus: "VOIDED", held: 0 });
    const lapsed = await manual.db.paymentOperation.findUniqueOrThrow({
      where: { idempotencyKey: `${key}:lapsed` },
    });
    expect(lapsed).toMatchObject({ kind: "VOID", status: "SUCCEEDED", amount: 990n, reason: "expired" });
    manual.clock.advance(2 * DAY);
    await checkAuthorizations(manual.platform);
    expect(askedAbout()).toBe(2);
  });

  test("of money that came late are asked about by the key they were asked for with", async () => {
    const cart = await manual.aCart();
    const first = await manual.pay(cart, "decline");
    await manual.tell(first);
    expect(await manual.standing(cart)).toEqual(HELD);
    const key = await manual.keyOf(first);
    manual.bank.lapse(key);
    manual.clock.advance(6 * DAY + HOUR);
    await checkAuthorizations(manual.platform);
    expect(manual.bank.lookedUp).toContain(key);
    expect(await manual.standing(cart)).toEqual({ ...HELD, paymentStatus: "VOIDED", held: 0 });
  });

  test("a provider that says nothing is asked again the next day", async () => {
    const cart = await manual.aCart();
    const key = await manual.keyOf(await manual.pay(cart, "card"));
    manual.clock.advance(6 * DAY + HOUR);
    manual.bank.silent = true;
    await checkAuthorizations(manual.platform);
    expect(await manual.standing(cart)).toEqual(HELD);
    manual.bank.silent = false;
    manual.bank.lapse(key);
    manual.clock.advance(DAY + HOUR);
    await checkAuthorizations(manual.platform);
    expect(await manual.standing(cart)).toMatchObject({ paymentStatus: "VOIDED" });
  });
});
