import { randomUUID } from "node:crypto";
import { outcomeOf } from "../src/payments";
import { MINUTE, SECOND } from "../src/platform/clock";
import { type BankShop, startBankShop } from "./support/bank-shop";
import { cartsOf } from "./support/carts";
import { aPerson } from "./support/person";

let shop: BankShop;
beforeAll(async () => {
  shop = await startBankShop();
});
beforeEach(() => {
  shop.bank.silent = false;
});
afterAll(() => shop.close());

const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1, taken: 990, held: 0 };
const WAITING = {
  status: "PENDING",
  paymentStatus: "PROCESSING",
  cart: "ACTIVE",
  reserved: 1,
  taken: 0,
  held: 0,
};
const WAIT = { type: "WAIT", url: null, clientSecret: null };
const DECLINED = { ...WAITING, paymentStatus: "FAILED", reserved: 0 };
const codesOf = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);

describe("what the buyer has to do", () => {
  test("it is told with the answer, again for the same key and on resuming, and never stored", async () => {
    const [cart, key] = [await shop.aCart(), randomUUID()];
    const first = await shop.pay(cart, "action", { key });
    const url = `https://bank.test/${await shop.keyOf(first)}`;
    expect(first).toMatchObject({ nextAction: { type: "REDIRECT", url }, userErrors: [] });
    expect(await shop.standing(cart)).toEqual(WAITING);
    expect(await shop.pay(cart, "action", { key })).toEqual(first);
    expect(await shop.resume(cart)).toEqual(first);
    const [{ stored }] = await shop.db.$queryRaw<[{ stored: number }]>`
      SELECT count(*)::int AS stored FROM (
        SELECT to_jsonb(op)::text AS row FROM payment_operations op UNION ALL SELECT to_jsonb(p)::text FROM payments p
        UNION ALL SELECT to_jsonb(i)::text FROM idempotency_records i UNION ALL SELECT to_jsonb(e)::text FROM outbox_events e) rows
      WHERE row LIKE '%bank.test%'`;
    expect(stored).toBe(0);
  });

  test("confirmed at the provider: resuming makes it an order, once", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "action");
    shop.bank.confirm(await shop.keyOf(first));
    const answers = await Promise.all(Array.from({ length: 5 }, () => shop.resume(cart)));
    for (const { order, nextAction, userErrors } of answers)
      expect({ id: order.id, status: order.status, nextAction, userErrors }).toEqual({
        ...{ id: first.order.id, status: "OPEN", nextAction: null, userErrors: [] },
      });
    expect(await shop.standing(cart)).toEqual(PAID);
    const looked = shop.bank.lookedUp.length;
    expect(await shop.resume(cart)).toMatchObject({ order: { status: "OPEN", paymentStatus: "PAID" } });
    expect(shop.bank.lookedUp.length).toBe(looked); // nothing is open: nobody is asked
  });

  test("refused at the provider: declined, also for the first key, and the cart can be paid for another way", async () => {
    const [cart, key] = [await shop.aCart(), randomUUID()];
    const first = await shop.pay(cart, "action", { key });
    shop.bank.refuse(await shop.keyOf(first));
    expect(codesOf(await shop.resume(cart))).toEqual(["PAYMENT_DECLINED"]);
    expect(await shop.standing(cart)).toEqual(DECLINED);
    expect(codesOf(await shop.pay(cart, "action", { key }))).toEqual(["PAYMENT_DECLINED"]);
    await shop.pay(cart, "card");
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("refused, and told twenty times at once: its stock comes back once", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "action");
    shop.bank.refuse(await shop.keyOf(first));
    const declined = () => outcomeOf("FAILED", { reason: "declined" });
    await Promise.all(Array.from({ length: 20 }, () => shop.tell(first, declined)));
    expect(await shop.standing(cart)).toEqual(DECLINED);
    const where = { variantId: cart.variantUuid, kind: "RELEASE" } as const;
    expect(await shop.db.stockMovement.count({ where })).toBe(1);
  });

  test("the provider that will tell later, or said nothing, is waited for", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "wait");
    expect(first.nextAction).toEqual(WAIT);
    expect((await shop.resume(cart)).nextAction).toEqual(WAIT);
    shop.bank.confirm(await shop.keyOf(first));
    expect(await shop.resume(cart)).toMatchObject({ nextAction: null, order: { status: "OPEN" } });

    const silent = await shop.aCart();
    expect((await shop.pay(silent, "mute")).nextAction).toEqual(WAIT);
    shop.bank.silent = true;
    expect((await shop.resume(silent)).nextAction).toEqual(WAIT);
    shop.bank.silent = false;
    expect(await shop.resume(silent)).toMatchObject({ nextAction: null, order: { status: "OPEN" } });
  });

  test("an attempt that never arrived is asked for again by resuming, once its lease is over", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "deaf");
    const asked = shop.bank.asked.length;
    expect((await shop.resume(cart)).order.paymentStatus).toBe("PROCESSING");
    expect(shop.bank.asked.length).toBe(asked);
    shop.clock.advance(31 * SECOND);
    await shop.resume(cart);
    expect(shop.bank.asked.slice(asked)).toEqual([shop.bank.asked[asked - 1]]); // the same key
  });
});

describe("who may resume", () => {
  test("the holder of the cart alone; what was never checked out has nothing to resume", async () => {
    const [ann, bob] = [await aPerson(shop.app), await aPerson(shop.app)];
    const cart = await shop.aCart(1, ann.token);
    expect(codesOf(await shop.resume(cart, ann.token))).toEqual(["NOTHING_TO_RESUME"]);
    const first = await shop.pay(cart, "action", { token: ann.token });
    for (const token of [null, bob.token]) {
      const { order, payment, nextAction, orderToken, ...refused } = await shop.resume(cart, token);
      expect([order, payment, nextAction, orderToken, codesOf(refused)]).toEqual([
        ...[null, null, null, null, ["CART_NOT_FOUND"]],
      ]);
    }
    for (const id of ["cart_00000000000000000000000000", "nonsense", cart.id.replace("cart", "order")])
      expect(codesOf(await shop.resume({ id }))).toEqual(["CART_NOT_FOUND"]);
    expect((await shop.resume(cart, ann.token)).nextAction).toEqual(first.nextAction);
  });
});

describe("another checkout while the buyer is asked to act", () => {
  test("calls the first attempt off at the provider, then pays with a key of its own", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "action");
    const edit = { cartId: cart.id, email: "other@example.test" };
    expect(await cartsOf(shop.app).refusal("updateCart", edit)).toEqual(["CHECKOUT_IN_PROGRESS", "cartId"]);
    const second = await shop.pay(cart, "card");
    expect(second.order).toMatchObject({ id: first.order.id, status: "OPEN", paymentStatus: "PAID" });
    expect(second.payment.id).not.toBe(first.payment.id);
    const [key, other] = [await shop.keyOf(first), await shop.keyOf(second)];
    expect([shop.bank.intents.get(key)?.reason, key === other]).toEqual(["cancelled", false]);
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("the buyer got there first: the cart is ordered, and nobody pays twice", async () => {
    const cart = await shop.aCart();
    shop.bank.confirm(await shop.keyOf(await shop.pay(cart, "action")));
    expect(codesOf(await shop.pay(cart, "card"))).toEqual(["CART_ALREADY_ORDERED"]);
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("one that is badly asked for calls nothing off", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "action");
    expect(codesOf(await shop.pay(cart, "nonsense"))).toEqual(["PAYMENT_METHOD_INVALID"]);
    const expectedTotal = { ...cart.total, amount: 1 };
    expect(codesOf(await shop.pay(cart, "card", { expectedTotal }))).toEqual(["TOTAL_CHANGED"]);
    expect(shop.bank.intents.get(await shop.keyOf(first))?.status).toBe("ACTION_REQUIRED");
  });

  test("a provider that can't be reached keeps the attempt, and the answer is that one is under way", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "action");
    shop.bank.silent = true;
    expect(codesOf(await shop.pay(cart, "card"))).toEqual(["CHECKOUT_IN_PROGRESS"]);
    expect(await shop.standing(cart)).toEqual(WAITING);
    shop.bank.silent = false;
    expect(codesOf(await shop.pay(cart, "card"))).toEqual([]);
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("what the provider has not decided is not called off", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "wait");
    expect(codesOf(await shop.pay(cart, "card"))).toEqual(["CHECKOUT_IN_PROGRESS"]);
    expect(shop.bank.cancelled).not.toContain(shop.bank.asked.at(-1));
  });

  test("ten at once, each with its own key: one order, one payment", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "action");
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.pay(cart, "card")));
    const codes = answers.map((payload) => codesOf(payload)[0] ?? "OK");
    expect(codes.filter((code) => code === "OK")).toHaveLength(1);
    for (const code of codes) expect(["OK", "CART_ALREADY_ORDERED", "CHECKOUT_IN_PROGRESS"]).toContain(code);
    expect(await shop.standing(cart)).toEqual(PAID);
  });
});

describe("the buyer's time to act", () => {
  test("over: called off at the provider, its stock free, the cart his again", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "action");
    shop.clock.advance(30 * MINUTE - 5 * SECOND);
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual(WAITING);
    shop.clock.advance(6 * SECOND);
    await shop.sweep();
    expect(shop.bank.intents.get(await shop.keyOf(first))).toMatchObject({ reason: "cancelled" });
    expect(await shop.standing(cart)).toEqual(DECLINED);
    expect(codesOf(await shop.resume(cart))).toEqual(["PAYMENT_DECLINED"]);
  });

  test("over, but the buyer got there first: paid", async () => {
    const cart = await shop.aCart();
    shop.bank.confirm(await shop.keyOf(await shop.pay(cart, "action")));
    shop.clock.advance(30 * MINUTE + SECOND);
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("over while he resumes: the same", async () => {
    const cart = await shop.aCart();
    await shop.pay(cart, "action");
    shop.clock.advance(30 * MINUTE + SECOND);
    expect(codesOf(await shop.resume(cart))).toEqual(["PAYMENT_DECLINED"]);
    expect(await shop.standing(cart)).toEqual(DECLINED);
  });
});
