import { randomUUID } from "node:crypto";
import { SECOND } from "../src/platform/clock";
import { type BankShop, startBankShop } from "./support/bank-shop";
import { aPerson, type Person } from "./support/person";
import { saveMethod } from "./support/save-method";

let shop: BankShop;
beforeAll(async () => {
  shop = await startBankShop();
});
beforeEach(() => {
  shop.bank.silent = false;
});
afterAll(() => shop.close());

const METHODS = "{ me { paymentMethods { id isDefault provider summary { last4 } } } }";
const DELETE = `mutation($input: DeleteInput!) { deletePaymentMethod(input: $input) {
  deletedId userErrors { code path } } }`;
const methodsOf = async ({ token }: Person) =>
  (await shop.ask(token, METHODS)).data.me.paymentMethods as { id: string; isDefault: boolean }[];
const remove = async ({ token }: Person, id: string, key?: string) =>
  (await shop.ask(token, DELETE, { input: { id } }, key ? { "idempotency-key": key } : {})).data
    .deletePaymentMethod;
const saving = (token: string) => ({ token, save: true });

describe("a method is kept when its payment has really succeeded", () => {
  test.each([
    ["declined", "decline"],
    ["not heard of", "deaf"],
    ["waiting for its buyer", "action"],
  ])("not when it is %s", async (_, card) => {
    const ann = await aPerson(shop.app);
    const cart = await shop.aCart(1, ann.token);
    const answer = await shop.pay(cart, card, { token: ann.token, payment: saving(card) });
    expect(answer.order.status).toBe("PENDING");
    expect(await methodsOf(ann)).toEqual([]);
  });

  test("but when the buyer has confirmed; what is asked to be kept is asked of the provider too", async () => {
    const ann = await aPerson(shop.app);
    const cart = await shop.aCart(1, ann.token);
    const first = await shop.pay(cart, "action", { token: ann.token, payment: saving("action") });
    const key = await shop.keyOf(first);
    expect(shop.bank.intents.get(key)?.save).toBe(true);
    shop.bank.confirm(key);
    await shop.resume(cart, ann.token);
    expect(await methodsOf(ann)).toMatchObject([
      { provider: "bank", isDefault: true, summary: { last4: "1111" } },
    ]);
  });

  test("not when its money is given back", async () => {
    const ann = await aPerson(shop.app);
    const cart = await shop.aCart(1, ann.token);
    const first = await shop.pay(cart, "decline", { token: ann.token, payment: saving("decline") });
    await shop.pay(cart, "another", { token: ann.token });
    await shop.tell(first);
    expect(await methodsOf(ann)).toEqual([]);
    await shop.sweep();
  });
});

describe("it pays again", () => {
  test("by its id, with the token that was kept", async () => {
    const ann = await aPerson(shop.app);
    const token = `card-${randomUUID()}`;
    await shop.pay(await shop.aCart(1, ann.token), token, { token: ann.token, payment: saving(token) });
    const [method] = await methodsOf(ann);
    const payment = { paymentMethodId: method?.id };
    const paid = await shop.pay(await shop.aCart(1, ann.token), "", { token: ann.token, payment });
    expect(paid.order).toMatchObject({ status: "OPEN", paymentStatus: "PAID" });
    expect(shop.bank.intents.get(await shop.keyOf(paid))?.token).toBe(token);
    expect(await methodsOf(ann)).toHaveLength(1);
  });
});

describe("a provider that keeps methods for accounts it knows by name", () => {
  const made: string[] = [];
  beforeAll(() => {
    shop.bank.provider.createCustomer = async (key) => {
      if (shop.bank.silent) throw new Error("connection refused");
      made.push(key);
      return `customer-${key}`;
    };
  });
  afterAll(() => {
    delete shop.bank.provider.createCustomer;
  });

  test("is told of an account once, by the first checkout, and never of a guest", async () => {
    const ann = await aPerson(shop.app);
    for (let round = 0; round < 2; round++) {
      const paid = await shop.pay(await shop.aCart(1, ann.token), "card", { token: ann.token });
      expect(shop.bank.intents.get(await shop.keyOf(paid))?.customer).toBe(`customer-${ann.accountId}`);
    }
    expect(made).toEqual([ann.accountId]);
    const guest = await shop.pay(await shop.aCart(), "card");
    expect(shop.bank.intents.get(await shop.keyOf(guest))?.customer).toBeNull();
    expect(made).toHaveLength(1);
  });

  test("and can't be paid through while it doesn't answer: nothing is written", async () => {
    const ann = await aPerson(shop.app);
    const cart = await shop.aCart(1, ann.token);
    shop.bank.silent = true;
    expect(await shop.pay(cart, "card", { token: ann.token })).toMatchObject({
      order: null,
      userErrors: [{ code: "PAYMENT_UNAVAILABLE" }],
    });
    expect(await shop.db.order.count({ where: { cartId: cart.uuid } })).toBe(0);
  });
});

describe("deleting it", () => {
  test("it is gone, also at the provider, once for a key; the oldest of the others is the default", async () => {
    const ann = await aPerson(shop.app);
    const ids = [await saveMethod(shop.app, ann, "bank"), await saveMethod(shop.app, ann, "bank")];
    const [gone, heir] = [ids[0] ?? "", ids[1] ?? ""];
    const third = await saveMethod(shop.app, ann, "bank");
    const [before, key] = [shop.bank.forgotten.length, randomUUID()];
    expect(await remove(ann, gone, key)).toEqual({ deletedId: gone, userErrors: [] });
    expect(await methodsOf(ann)).toMatchObject([
      { id: heir, isDefault: true },
      { id: third, isDefault: false },
    ]);
    expect(await remove(ann, gone, key)).toEqual({ deletedId: gone, userErrors: [] });
    expect(shop.bank.forgotten.slice(before)).toHaveLength(1);
    expect(await remove(ann, gone)).toEqual({
      deletedId: null,
      userErrors: [{ code: "NOT_FOUND", path: ["id"] }],
    });
  });

  test("somebody else's, none and nonsense look the same, and nothing is forgotten", async () => {
    const [ann, bob] = [await aPerson(shop.app), await aPerson(shop.app)];
    const id = await saveMethod(shop.app, ann, "bank");
    const before = shop.bank.forgotten.length;
    const answers = [];
    for (const wanted of [id, "pm_00000000000000000000000000", "nonsense"])
      answers.push(JSON.stringify(await remove(bob, wanted)));
    expect(new Set(answers).size).toBe(1);
    expect(await methodsOf(ann)).toMatchObject([{ id }]);
    expect(shop.bank.forgotten.length).toBe(before);
  });

  test("a provider that doesn't answer keeps nobody from it", async () => {
    const ann = await aPerson(shop.app);
    const id = await saveMethod(shop.app, ann, "bank");
    shop.bank.silent = true;
    expect(await remove(ann, id)).toMatchObject({ deletedId: id });
    expect(await methodsOf(ann)).toEqual([]);
  });

  test("a payment that is under way with it goes on", async () => {
    const ann = await aPerson(shop.app);
    const id = await saveMethod(shop.app, ann, "bank");
    const cart = await shop.aCart(1, ann.token);
    shop.bank.silent = true;
    const first = await shop.pay(cart, "", { token: ann.token, payment: { paymentMethodId: id } });
    expect(first.order.paymentStatus).toBe("PROCESSING");
    shop.bank.silent = false;
    await remove(ann, id);
    shop.clock.advance(31 * SECOND);
    await shop.sweep();
    expect(await shop.standing(cart)).toMatchObject({ status: "OPEN", paymentStatus: "PAID", taken: 990 });
  });

  test("two at once: each is gone, and there is one default", async () => {
    const ann = await aPerson(shop.app);
    const ids = [];
    for (let n = 0; n < 4; n++) ids.push(await saveMethod(shop.app, ann, "bank"));
    await Promise.all(ids.slice(0, 3).map((id) => remove(ann, id)));
    expect(await methodsOf(ann)).toMatchObject([{ id: ids[3], isDefault: true }]);
  });
});
