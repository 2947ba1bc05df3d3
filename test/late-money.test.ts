import { expireOrders } from "../src/checkout/settle/expire-orders";
import { DAY, MINUTE } from "../src/platform/clock";
import { type BankShop, startBankShop } from "./support/bank-shop";
import { recount, refreshPriceRanges } from "./support/builders";
import { cartsOf } from "./support/carts";
import { aPerson } from "./support/person";
import { signIn, signUp } from "./support/sign-up";

let shop: BankShop;
let manual: BankShop;
beforeAll(async () => {
  shop = await startBankShop();
  manual = await startBankShop({ PAYMENT_CAPTURE: "manual" });
});
afterAll(async () => {
  await shop.close();
  await manual.close();
});

type Cart = Awaited<ReturnType<BankShop["aCart"]>>;
const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1, taken: 990, held: 0 };
const NOTHING = { taken: 0, held: 0 };
const codesOf = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);

/** A cart whose payment was declined, and whose order has expired since. */
async function anExpired({ aCart, pay, clock, platform }: BankShop) {
  const cart = await aCart();
  const first = await pay(cart, "decline");
  clock.advance(DAY + MINUTE);
  await expireOrders(platform);
  return { cart, first };
}

const LOGIN =
  "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } userErrors { code } } }";

/** Logs in and brings a guest's cart along. @returns the access token */
async function logIn(login: { email: string; password: string }, cart: Cart): Promise<string> {
  const { data } = await shop.ask(null, LOGIN, { input: { ...login, cartId: cart.id } });
  return data.login.tokens.accessToken;
}

/** Each operation of a cart's order in one line, oldest first. */
async function operationsOf({ db }: BankShop, cart: Cart) {
  const found = await db.paymentOperation.findMany({
    where: { order: { cartId: cart.uuid } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return found.map(({ kind, status, reason }) => [kind, status, reason].filter(Boolean).join(" "));
}

describe("money that comes after all", () => {
  test("opens an order that was declined", async () => {
    const cart = await shop.aCart();
    const key = crypto.randomUUID();
    const first = await shop.pay(cart, "decline", { key });
    expect(await shop.tell(first)).toMatchObject({ orderId: expect.any(String) });
    expect(await shop.standing(cart)).toEqual(PAID);
    const now = await shop.resume(cart);
    expect(now).toMatchObject({ order: { id: first.order.id, status: "OPEN" }, userErrors: [] });
    expect(await shop.pay(cart, "decline", { key })).toEqual(now); // also for who asks with the first key again
    expect(codesOf(await shop.pay(cart, "card"))).toEqual(["CART_ALREADY_ORDERED"]);
  });

  test("opens an order that had expired, when its goods are there", async () => {
    const { cart, first } = await anExpired(shop);
    await shop.tell(first);
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("buys nothing days after its attempt failed: nobody keeps a price by keeping an attempt", async () => {
    for (const [days, status] of [
      [2, "OPEN"],
      [4, "EXPIRED"],
    ] as const) {
      const { cart, first } = await anExpired(shop);
      shop.clock.advance((days - 1) * DAY);
      await shop.tell(first);
      await shop.sweep();
      const paid = status === "OPEN" ? PAID : { status, cart: "ACTIVE", reserved: 0, ...NOTHING };
      expect(await shop.standing(cart)).toMatchObject(paid);
    }
  });

  test("is given back when they are not, and the order can be paid for later", async () => {
    const { cart, first } = await anExpired(shop);
    const { order: sold } = await shop.pay(await shop.aRival(cart), "card");
    expect(sold.status).toBe("OPEN");
    await shop.tell(first);
    expect(await operationsOf(shop, cart)).toEqual([
      ...[
        "AUTHORIZE FAILED declined",
        "AUTHORIZE SUCCEEDED late",
        "CAPTURE SUCCEEDED",
        "REFUND PENDING out_of_stock",
      ],
    ]);
    await shop.sweep();
    const EXPIRED = { status: "EXPIRED", cart: "ACTIVE", reserved: 1, ...NOTHING };
    expect(await shop.standing(cart)).toEqual({ ...EXPIRED, paymentStatus: "REFUNDED" });
    expect(codesOf(await shop.resume(cart))).toEqual(["OUT_OF_STOCK"]);

    await recount(shop.db, cart.variantUuid, 2);
    const again = await shop.pay(cart, "card");
    expect(again.order).toMatchObject({ id: first.order.id, paymentStatus: "PAID" });
    expect(await shop.standing(cart)).toEqual({ ...PAID, reserved: 2 });
  });

  test("is still on its way back when the cart is paid another way: the order is PAID", async () => {
    const { cart, first } = await anExpired(shop);
    const rival = await shop.aRival(cart);
    const holding = await shop.pay(rival, "action"); // the last one
    await shop.tell(first);
    shop.bank.refuse(await shop.keyOf(holding));
    await shop.resume(rival);
    expect((await shop.pay(cart, "card")).order.paymentStatus).toBe("PAID");
    expect(await shop.standing(cart)).toEqual({ ...PAID, taken: 1980 });
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("beside an attempt that pays: it goes back, and the order stays PAID", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "decline");
    await shop.pay(cart, "card");
    await shop.tell(first);
    expect(await shop.standing(cart)).toEqual({ ...PAID, taken: 1980 });
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual(PAID);
    expect((await operationsOf(shop, cart)).at(-1)).toBe("REFUND SUCCEEDED surplus");
    expect(await shop.resume(cart)).toMatchObject({ order: { paymentStatus: "PAID" }, userErrors: [] });
  });

  test("while another attempt is under way: it goes back, whatever becomes of that one", async () => {
    for (const [decide, paymentStatus] of [
      ["confirm", "PAID"],
      ["refuse", "FAILED"],
    ] as const) {
      const [cart, key] = [await shop.aCart(), crypto.randomUUID()];
      const first = await shop.pay(cart, "decline", { key });
      const second = await shop.pay(cart, "action");
      await shop.tell(first);
      expect((await shop.standing(cart)).paymentStatus).toBe("PROCESSING");
      shop.bank[decide](await shop.keyOf(second));
      await shop.resume(cart);
      await shop.sweep();
      const { taken, held, ...now } = await shop.standing(cart);
      expect([now.paymentStatus, taken, held]).toEqual([paymentStatus, decide === "confirm" ? 990 : 0, 0]);
      const again = codesOf(await shop.pay(cart, "decline", { key }));
      expect(again).toEqual(decide === "confirm" ? [] : ["PAYMENT_DECLINED"]);
    }
  });

  test("at the very moment of another checkout: one of both pays, over and over", async () => {
    for (let round = 0; round < 12; round++) {
      const cart = await shop.aCart();
      const first = await shop.pay(cart, "decline");
      const [second] = await Promise.all([shop.pay(cart, "card"), shop.tell(first)]);
      await shop.sweep();
      expect(["OK", "CART_ALREADY_ORDERED"]).toContain(codesOf(second)[0] ?? "OK");
      expect(await shop.standing(cart)).toEqual(PAID);
    }
  });

  test("for a total that is not the order's any more: it goes back", async () => {
    const cart = await shop.aCart(5);
    const first = await shop.pay(cart, "decline");
    await cartsOf(shop.app).cart("updateCartLines", {
      cartId: cart.id,
      lines: [{ lineId: cart.lineId, quantity: 2 }],
    });
    const expectedTotal = { amount: 1490, currency: "EUR" };
    await shop.pay(cart, "decline", { expectedTotal });
    await shop.tell(first);
    await shop.sweep();
    const now = { status: "PENDING", paymentStatus: "FAILED", cart: "ACTIVE", reserved: 0, ...NOTHING };
    expect(await shop.standing(cart)).toEqual(now);
    await shop.pay(cart, "card", { expectedTotal });
    expect(await shop.standing(cart)).toEqual({ ...PAID, reserved: 2, taken: 1490 });
  });

  test("for a cart that lives on in another one: it goes back", async () => {
    const login = await signUp(shop.app, { name: "Ann" });
    const { accessToken } = await signIn(shop.app, login);
    await shop.aCart(1, accessToken); // the account has a cart already
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "decline");
    await logIn(login, cart);
    await shop.tell(first);
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual({
      ...{ status: "PENDING", paymentStatus: "REFUNDED", cart: "MERGED", reserved: 0, ...NOTHING },
    });
  });

  test("for a guest's cart that an account has taken over: the order is the account's", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "decline");
    const accessToken = await logIn(await signUp(shop.app, { name: "Ann" }), cart);
    await shop.tell(first);
    expect(await shop.standing(cart)).toEqual(PAID);
    const { data } = await shop.ask(accessToken, "{ me { orders { nodes { id } } } }");
    expect(data.me.orders.nodes).toEqual([{ id: first.order.id }]);
    expect(await shop.resume(cart, accessToken)).toMatchObject({ order: { status: "OPEN" } });
    const guest = await shop.ask(null, "query($token: String!) { guestOrder(token: $token) { id } }", {
      token: first.orderToken,
    });
    expect(guest.codes).toEqual(["NOT_FOUND"]); // as after any other checkout of the account's
  });

  test("for an order that was cancelled: it goes back", async () => {
    const staff = await aPerson(shop.app, "STAFF");
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "decline");
    const CANCEL =
      "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }";
    const { data } = await shop.ask(staff.token, CANCEL, { input: { orderId: first.order.id } });
    expect(data.cancelOrder).toMatchObject({ order: { status: "CANCELLED" }, userErrors: [] });
    await shop.tell(first);
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual({
      ...{ status: "CANCELLED", paymentStatus: "REFUNDED", cart: "ORDERED", reserved: 0, ...NOTHING },
    });
  });

  test("that was authorised only: it opens the order, or is voided", async () => {
    const HELD = {
      status: "OPEN",
      paymentStatus: "AUTHORIZED",
      cart: "ORDERED",
      reserved: 1,
      taken: 0,
      held: 990,
    };
    const { cart, first } = await anExpired(manual);
    await manual.tell(first);
    expect(await manual.standing(cart)).toEqual(HELD);

    const { cart: late, first: refused } = await anExpired(manual);
    await manual.pay(await manual.aRival(late), "card");
    await manual.tell(refused);
    await manual.sweep();
    expect((await operationsOf(manual, late)).at(-1)).toBe("VOID SUCCEEDED out_of_stock");
    expect(await manual.standing(late)).toMatchObject({
      status: "EXPIRED",
      paymentStatus: "VOIDED",
      ...NOTHING,
    });

    const paid = await manual.aCart();
    const before = await manual.pay(paid, "decline");
    await manual.pay(paid, "card");
    await manual.tell(before);
    await manual.sweep();
    expect(await manual.standing(paid)).toEqual(HELD);
  });

  test("told twenty times at once: one effect", async () => {
    const { cart, first } = await anExpired(shop);
    await Promise.all(Array.from({ length: 20 }, () => shop.tell(first)));
    expect(await shop.standing(cart)).toEqual(PAID);
    expect(await operationsOf(shop, cart)).toEqual([
      ...["AUTHORIZE FAILED declined", "AUTHORIZE SUCCEEDED late", "CAPTURE SUCCEEDED"],
    ]);

    const other = await shop.aCart();
    const declined = await shop.pay(other, "decline");
    await shop.pay(other, "card");
    await Promise.all(Array.from({ length: 20 }, () => shop.tell(declined)));
    await Promise.all(Array.from({ length: 5 }, () => shop.sweep()));
    expect((await operationsOf(shop, other)).filter((one) => one.startsWith("REFUND"))).toHaveLength(1);
    expect(await shop.standing(other)).toEqual(PAID);
  });

  test("in a currency that the order isn't in any more: it goes back in its own", async () => {
    const { token } = await aPerson(shop.app);
    const cart = await shop.aCart(1, token);
    await shop.db.price.create({ data: { variantId: cart.variantUuid, currency: "USD", amount: 700n } });
    const { productId } = await shop.db.variant.findUniqueOrThrow({ where: { id: cart.variantUuid } });
    await refreshPriceRanges(shop.db, productId);
    const [option] = await shop.db.deliveryOption.findMany();
    await shop.db.deliveryRate.create({
      data: { optionId: option?.id ?? "", currency: "USD", amount: 290n },
    });
    const first = await shop.pay(cart, "decline", { token });
    const { id, totals } = await cartsOf(shop.app).cart("createCart", { currency: "USD" }, token);
    expect([id, totals.total]).toMatchObject([cart.id, { amount: 990 }]); // as much, of something else
    const expectedTotal = { amount: 990, currency: "USD" };
    await shop.pay(cart, "decline", { expectedTotal, token });
    await shop.tell(first);
    await shop.sweep();
    const now = { status: "PENDING", paymentStatus: "FAILED", ...NOTHING };
    expect(await shop.standing(cart)).toMatchObject(now);
    await shop.pay(cart, "card", { expectedTotal, token });
    expect(await shop.standing(cart)).toEqual(PAID);
  });

  test("of nothing, for an order that costs nothing: no way back is asked for, and the order stays PAID", async () => {
    const rate = { currency: "EUR", amount: 490n };
    await shop.db.deliveryRate.updateMany({ where: rate, data: { amount: 0n } });
    const cart = await shop.aCart();
    await shop.db.price.updateMany({ where: { variantId: cart.variantUuid }, data: { amount: 0n } });
    const { productId } = await shop.db.variant.findUniqueOrThrow({ where: { id: cart.variantUuid } });
    await refreshPriceRanges(shop.db, productId);
    const expectedTotal = { amount: 0, currency: "EUR" };
    const first = await shop.pay(cart, "decline", { expectedTotal });
    await shop.pay(cart, "card", { expectedTotal });
    await shop.tell(first);
    await shop.sweep();
    expect(await shop.standing(cart)).toEqual({ ...PAID, taken: 0 });
    expect((await operationsOf(shop, cart)).filter((one) => /VOID|REFUND/.test(one))).toEqual([]);
    await shop.db.deliveryRate.updateMany({ where: { currency: "EUR", amount: 0n }, data: rate });
  });

  test("of two attempts that had both failed: the one whose goods are there pays, its status is PAID", async () => {
    const cart = await shop.aCart();
    const first = await shop.pay(cart, "decline");
    const second = await shop.pay(cart, "decline");
    const rival = await shop.pay(await shop.aRival(cart), "action");
    await shop.tell(first); // no goods: it goes back
    shop.bank.refuse(await shop.keyOf(rival));
    shop.clock.advance(31 * MINUTE);
    await shop.sweep(); // the rival's time is over, and the first attempt's money is back
    expect((await shop.standing(cart)).paymentStatus).toBe("REFUNDED");
    await shop.tell(second);
    expect(await shop.standing(cart)).toEqual(PAID);
  });
});
