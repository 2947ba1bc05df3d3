import { setTimeout as wait } from "node:timers/promises";
import { advanceOrder } from "../src/checkout/advance/advance-order";
import { expireReservations } from "../src/checkout/settle/expire-reservations";
import { MINUTE } from "../src/platform/clock";
import type { FaultPoint } from "../src/platform/fault-points";
import { type BankShop, startBankShop } from "./support/bank-shop";
import { CHECKOUT } from "./support/checkouts";

// The outcome of a new order's first attempt is written by one statement, which trusts that nobody else was there. Here somebody is.
let shop: BankShop;
/** Set by a test: what happens at a moment, once. */
let at: Partial<Record<FaultPoint, () => Promise<unknown>>> = {};
beforeAll(async () => {
  const reached = async (point: FaultPoint) => {
    const happens = at[point];
    delete at[point];
    await happens?.();
  };
  shop = await startBankShop({}, { reached });
});
beforeEach(() => {
  at = {};
});
afterAll(() => shop.close());

type Cart = Awaited<ReturnType<BankShop["aCart"]>>;
const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1, taken: 990, held: 0 };

const attemptOf = async (cart: Cart) =>
  shop.db.paymentOperation.findFirstOrThrow({
    where: { kind: "AUTHORIZE", payment: { order: { cartId: cart.uuid } } },
  });
const postingsOf = (cart: Cart) =>
  shop.db.ledgerTransaction.count({ where: { operation: { payment: { order: { cartId: cart.uuid } } } } });
const historyOf = async (cart: Cart) =>
  (
    await shop.db.orderEvent.findMany({ where: { order: { cartId: cart.uuid } }, orderBy: { id: "asc" } })
  ).map(({ type }) => type);

describe("what checkout answers is the order as it is stored", () => {
  const ORDER = CHECKOUT.slice(CHECKOUT.indexOf("order {") + 5, CHECKOUT.indexOf("payment { id provider"));
  test.each(["pays", "decline", "action", "wait", "mute"])("%s", async (card) => {
    const answer = await shop.pay(await shop.aCart(), card);
    const { data } = await shop.ask(null, `query($token: String!) { guestOrder(token: $token) ${ORDER} }`, {
      token: answer.orderToken,
    });
    expect(answer.order).toEqual(data.guestOrder);
  });
});

test("a webhook that brings the same answer while the provider's is on its way: one payment, one answer", async () => {
  const cart = await shop.aCart();
  at["provider.answered"] = async () => {
    const { id, idempotencyKey } = await attemptOf(cart);
    await advanceOrder(shop.platform, id, shop.bank.changeMind(idempotencyKey));
  };
  const { order, userErrors } = await shop.pay(cart, "card");
  expect([order, userErrors]).toMatchObject([{ status: "OPEN", paymentStatus: "PAID" }, []]);
  expect(await shop.standing(cart)).toEqual(PAID);
  expect(await postingsOf(cart)).toBe(2); // authorised and captured, once
  expect(await historyOf(cart)).toEqual(["order.placed", "order.opened"]);
});

describe("an answer that comes when the goods are held no longer", () => {
  /** So late that others may have the goods. */
  const late = async () => {
    shop.clock.advance(31 * MINUTE);
    await expireReservations(shop.platform);
  };

  test("takes them again while there are some", async () => {
    const cart = await shop.aCart();
    at["provider.answered"] = late;
    expect((await shop.pay(cart, "card")).userErrors).toEqual([]);
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("gives the money back when they are sold", async () => {
    const cart = await shop.aCart();
    at["provider.answered"] = async () => {
      await late();
      expect((await shop.pay(await shop.aRival(cart), "card")).order).toMatchObject({ status: "OPEN" });
    };
    expect((await shop.pay(cart, "card")).userErrors).toMatchObject([{ code: "OUT_OF_STOCK" }]);
    await shop.sweep();
    expect(await shop.standing(cart)).toMatchObject({ paymentStatus: "REFUNDED", reserved: 1, taken: 0 });
  });

  test("looks at them as they are when it has waited for the order", async () => {
    const cart = await shop.aCart();
    let expiring: Promise<unknown> = Promise.resolve();
    const locked = new Promise<void>((done) => {
      at["expiry.expiring"] = async () => {
        done();
        await wait(500); // the answer's statement waits for the order meanwhile, and sees it as it was before
      };
    });
    at["provider.answered"] = async () => {
      expiring = late();
      await locked;
    };
    expect((await shop.pay(cart, "card")).userErrors).toEqual([]);
    await expiring;
    expect(await shop.standing(cart)).toEqual(PAID);
    expect(
      await shop.db.reservation.groupBy({
        by: ["state"],
        where: { order: { cartId: cart.uuid } },
        _count: true,
      }),
    ).toEqual(
      expect.arrayContaining([
        { state: "EXPIRED", _count: 1 },
        { state: "COMMITTED", _count: 1 },
      ]),
    );
  });
});
