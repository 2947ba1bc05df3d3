import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, unique } from "./support/builders";
import { cartsOf } from "./support/carts";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { aPerson } from "./support/person";
import { signIn, signUp } from "./support/sign-up";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
});
afterAll(() => app.close());

const SEARCH = `query($query: String!) { search(query: $query, first: 1) { nodes { title variants { id available } } } }`;
const SAVE_PRODUCT =
  "mutation($input: SaveProductInput!) { saveProduct(input: $input) { product { id } userErrors { code } } }";
const SAVE_ADDRESS = `mutation($input: SaveAddressInput!) { saveAddress(input: $input) { address { id } userErrors { code } } }`;
const LOGIN = `mutation($input: LoginInput!) { login(input: $input) {
  tokens { accessToken } cart { id lines { quantity variant { id } } } userErrors { code } } }`;
const ME = `{ me { cart { id } orders { totalCount nodes { id number paymentStatus email payments { captured { amount } } } }
  paymentMethods { id provider isDefault summary { brand last4 } } } }`;
const GUEST_ORDER = `query($token: String!) { guestOrder(token: $token) { id number email status account { id } } }`;
const ORDER = `query($id: ID!) { order(id: $id) { id number } }`;

test("a guest finds a thing that staff put up for sale, buys it, and looks at the order with its key", async () => {
  const staff = await aPerson(app, "STAFF");
  const variants = [{ sku: unique(), price: { amount: 1250, currency: "EUR" }, stock: 5 }];
  const product = { title: "Oolong Reserve", status: "ACTIVE", variants };
  expect((await app.ask(staff.token, SAVE_PRODUCT, { input: product })).data.saveProduct.userErrors).toEqual(
    [],
  );
  const found = (await app.ask(null, SEARCH, { query: "oolong" })).data.search.nodes;
  expect(found).toMatchObject([{ title: "Oolong Reserve", variants: [{ available: true }] }]);

  const cart = await aFullCart(app.ask, null, { variantId: found[0].variants[0].id, quantity: 2 });
  expect(cart.total).toEqual({ amount: 2990, currency: "EUR" });
  const { order, payment, orderToken } = (await checkOut(app.ask, cart)).data.checkout;
  expect(order).toMatchObject({
    ...{ status: "OPEN", paymentStatus: "PAID", delivery: { handle: "standard" } },
    lines: [{ title: "Oolong Reserve", quantity: 2, total: { amount: 2500 } }],
    totals: {
      subtotal: { amount: 2500 },
      shipping: { amount: 490 },
      tax: { amount: 477 },
      total: { amount: 2990 },
    },
    shippingAddress: { name: "Ann Example", country: "DE" },
    events: [{ type: "order.placed" }, { type: "order.opened" }],
  });
  expect(payment).toMatchObject({
    ...{ provider: "sandbox", method: { brand: "visa", last4: "4242" }, captured: { amount: 2990 } },
    operations: [
      { kind: "AUTHORIZE", status: "SUCCEEDED" },
      { kind: "CAPTURE", status: "SUCCEEDED" },
    ],
  });
  const seen = await app.ask(null, GUEST_ORDER, { token: orderToken });
  expect(seen.data.guestOrder).toMatchObject({
    id: order.id,
    number: order.number,
    email: order.email,
    account: null,
  });
  expect((await app.ask(null, ORDER, { id: order.id })).codes).toEqual(["NOT_FOUND"]);
  const read = (await cartsOf(app).read(cart.id)).cart;
  expect(read).toMatchObject({ order: { id: order.id }, blockers: ["CART_ALREADY_ORDERED"] });
});

test("a customer fills a cart as a guest, logs in with it, sends it home, pays and finds the order", async () => {
  const [tea, mug] = [await aProduct(app.db), await aProduct(app.db, { prices: { EUR: 899n } })];
  const carts = cartsOf(app);
  const login = await signUp(app);
  const earlier = await signIn(app, login);
  await carts.cart("createCart", { lines: [{ variantId: tea.variant.id }] }, earlier.accessToken);
  const guest = await carts.cart("createCart", {
    lines: [{ variantId: tea.variant.id }, { variantId: mug.variant.id }],
  });

  const { tokens, cart } = (await app.ask(null, LOGIN, { input: { ...login, cartId: guest.id } })).data.login;
  expect(cart.lines.map((line: { quantity: number }) => line.quantity)).toEqual([2, 1]);
  const token = tokens.accessToken as string;
  const address = { input: { address: anAddress(), isDefault: true } };
  const saved = (await app.ask(token, SAVE_ADDRESS, address)).data.saveAddress.address;
  const ready = await carts.cart(
    "updateCart",
    { cartId: cart.id, shippingAddressId: saved.id, deliveryHandle: "standard" },
    token,
  );
  expect(ready.blockers).toEqual([]);
  const total = { amount: ready.totals.total.amount, currency: "EUR" };

  const stranger = await checkOut(app.ask, { id: cart.id, total });
  expect(resultOf(stranger)).toBe("CART_NOT_FOUND");
  const payment = { token: "sandbox:success", save: true };
  const { order } = (await checkOut(app.ask, { id: cart.id, total }, { token, payment })).data.checkout;
  const { me } = (await app.ask(token, ME)).data;
  expect(me).toMatchObject({
    cart: null,
    orders: {
      totalCount: 1,
      nodes: [
        {
          id: order.id,
          paymentStatus: "PAID",
          email: login.email,
          payments: [{ captured: { amount: total.amount } }],
        },
      ],
    },
    paymentMethods: [{ provider: "sandbox", isDefault: true, summary: { brand: "visa", last4: "4242" } }],
  });
  expect((await app.ask(token, ORDER, { id: order.id })).data.order.number).toBe(order.number);
});

describe("a saved payment method", () => {
  test("pays again, for its own account alone", async () => {
    const { variant } = await aProduct(app.db);
    const [ann, bob] = await Promise.all([signUp(app), signUp(app)]);
    const [annToken, bobToken] = [(await signIn(app, ann)).accessToken, (await signIn(app, bob)).accessToken];
    const bought = await aFullCart(app.ask, annToken, { variantId: variant.id });
    const save = { token: "sandbox:success", save: true };
    expect(resultOf(await checkOut(app.ask, bought, { token: annToken, payment: save }))).toBe("OK");
    const [method] = (await app.ask(annToken, ME)).data.me.paymentMethods;

    const bobs = await aFullCart(app.ask, bobToken, { variantId: variant.id });
    const payment = { paymentMethodId: method.id };
    expect(resultOf(await checkOut(app.ask, bobs, { token: bobToken, payment }))).toBe(
      "PAYMENT_METHOD_INVALID",
    );
    const guests = await aFullCart(app.ask, null, { variantId: variant.id });
    expect(resultOf(await checkOut(app.ask, guests, { payment }))).toBe("PAYMENT_METHOD_INVALID");
    const anns = await aFullCart(app.ask, annToken, { variantId: variant.id });
    const both = { ...payment, token: "sandbox:success" };
    expect(resultOf(await checkOut(app.ask, anns, { token: annToken, payment: both }))).toBe(
      "PAYMENT_METHOD_INVALID",
    );
    expect(
      resultOf(await checkOut(app.ask, anns, { token: annToken, payment: { ...payment, save: true } })),
    ).toBe("OK");
    expect((await app.ask(annToken, ME)).data.me.paymentMethods).toHaveLength(1);
  });

  test("isn't kept when the payment was declined, nor for a guest", async () => {
    const { variant } = await aProduct(app.db);
    const { accessToken: token } = await signIn(app, await signUp(app));
    const cart = await aFullCart(app.ask, token, { variantId: variant.id });
    const payment = { token: "sandbox:decline", save: true };
    expect(resultOf(await checkOut(app.ask, cart, { token, payment }))).toBe("PAYMENT_DECLINED");
    expect((await app.ask(token, ME)).data.me.paymentMethods).toEqual([]);
    const before = await app.db.paymentMethod.count();
    const guest = await aFullCart(app.ask, null, { variantId: variant.id });
    const save = { token: "sandbox:success", save: true };
    expect(resultOf(await checkOut(app.ask, guest, { payment: save }))).toBe("OK");
    expect(await app.db.paymentMethod.count()).toBe(before);
  });
});

test("where capturing waits for the goods, success authorises", async () => {
  const manual = await startTestApp({ PAYMENT_CAPTURE: "manual" });
  try {
    await aZone(manual.db);
    const { variant } = await aProduct(manual.db);
    const cart = await aFullCart(manual.ask, null, { variantId: variant.id });
    const { order } = (await checkOut(manual.ask, cart)).data.checkout;
    expect(order).toMatchObject({ status: "OPEN", paymentStatus: "AUTHORIZED" });
    expect(order.payments).toMatchObject([{ authorized: { amount: 990 }, captured: { amount: 0 } }]);
  } finally {
    await manual.close();
  }
});

test("where no provider is switched on, nothing can be paid", async () => {
  const bare = await startTestApp({ SANDBOX_PAYMENTS: "false" });
  try {
    await aZone(bare.db);
    const { variant } = await aProduct(bare.db);
    const cart = await aFullCart(bare.ask, null, { variantId: variant.id });
    expect(resultOf(await checkOut(bare.ask, cart))).toBe("PAYMENT_UNAVAILABLE");
  } finally {
    await bare.close();
  }
});

test("personal data and payment tokens are ciphertext in the order's rows", async () => {
  const { variant } = await aProduct(app.db);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  const { order } = (await checkOut(app.ask, cart)).data.checkout;
  const [{ row }] = await app.db.$queryRaw<[{ row: string }]>`
    SELECT string_agg(o::text || p::text || c::text, ' ') AS row FROM orders o JOIN payments p ON p.order_id = o.id
    JOIN carts c ON c.id = o.cart_id WHERE o.number = ${BigInt(order.number)}`;
  const seen = Buffer.from(row).toString("latin1");
  const hex = (text: string) => Buffer.from(text).toString("hex");
  for (const secret of [order.email, "Ann Example", "sandbox:success", "Hamburg"])
    expect([seen.includes(secret), seen.includes(hex(secret))]).toEqual([false, false]);
});
