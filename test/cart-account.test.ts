import { randomUUID } from "node:crypto";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone } from "./support/builders";
import { cartsOf, checkOutWith } from "./support/carts";
import { aProvider } from "./support/providers";
import { signIn, signUp } from "./support/sign-up";

let app: TestApp;
let carts: ReturnType<typeof cartsOf>;
beforeAll(async () => {
  app = await startTestApp({}, { providers: [aProvider()] });
  carts = cartsOf(app);
  await aZone(app.db, {
    options: [{ handle: "standard", rates: { EUR: { amount: 490n }, USD: { amount: 590n } } }],
  });
});
afterAll(async () => {
  await app.close();
});

const LOGIN = `mutation($input: LoginInput!) { login(input: $input) {
  tokens { accessToken } cart { id email currency shippingAddress { city }
    lines { id quantity variant { id } unitPrice { amount currency } } warnings { code } } userErrors { code } } }`;
const line = (product: { variant: { id: string } }, quantity = 1) => ({
  variantId: product.variant.id,
  quantity,
});
const login = async ({ email, password }: { email: string; password: string }, cartId?: string) =>
  (await app.ask(null, LOGIN, { input: { email, password, cartId } })).data.login;

async function aCustomer() {
  const person = await signUp(app);
  return { ...person, token: (await signIn(app, person)).accessToken };
}

test("an account fills one cart, on whichever device; its e-mail is the account's until another is given", async () => {
  const [tea, ann] = [await aProduct(app.db), await aCustomer()];
  const [one, two] = await Promise.all([
    carts.cart("createCart", { lines: [line(tea)] }, ann.token),
    carts.cart("createCart", { lines: [line(tea, 2)] }, ann.token),
  ]);
  expect(one.id).toBe(two.id);
  const mine = await app.ask(ann.token, "{ me { cart { id email lines { quantity } } } }");
  expect(mine.data.me.cart).toEqual({ id: one.id, email: ann.email, lines: [{ quantity: 3 }] });
  const other = await carts.cart("createCart", { email: "gift@example.test" }, ann.token);
  expect(other).toMatchObject({ id: one.id, email: "gift@example.test" });
});

test("a currency that is asked for becomes the cart's; what has no price in it is unavailable", async () => {
  const ann = await aCustomer();
  const [both, euro] = [await aProduct(app.db, { prices: { EUR: 500n, USD: 600n } }), await aProduct(app.db)];
  const { id } = await carts.cart("createCart", { lines: [line(both), line(euro)] }, ann.token);
  const dollars = await carts.cart("createCart", { currency: "USD" }, ann.token);
  expect(dollars).toMatchObject({ id, currency: "USD", lines: [{ unitPrice: { amount: 600 } }, {}] });
  expect(dollars.warnings).toMatchObject([{ code: "UNAVAILABLE", lineId: dollars.lines[1]?.id }]);
});

test("one Idempotency-Key adds to the account's cart once", async () => {
  const [tea, ann] = [await aProduct(app.db), await aCustomer()];
  const key = { "idempotency-key": randomUUID() };
  const ask = () => carts.change("createCart", { lines: [line(tea)] }, ann.token, key);
  const answers = await Promise.all([ask(), ask(), ask()]);
  for (const { cart } of answers) expect(cart.lines).toMatchObject([{ quantity: 1 }]);
});

test("an account's cart answers to that account alone: not to guests, others or staff", async () => {
  const [tea, ann, bob, eve] = [
    await aProduct(app.db),
    await aCustomer(),
    await aCustomer(),
    await aCustomer(),
  ];
  const cart = await carts.cart("createCart", { lines: [line(tea)] }, ann.token);
  const owner = await app.db.cart.findUniqueOrThrow({ where: { id: readId("cart", cart.id) ?? "" } });
  const staff = await app.db.session.findFirst({ orderBy: { createdAt: "desc" } });
  await app.db.account.update({ where: { id: staff?.accountId ?? "" }, data: { role: "ADMIN" } });
  for (const token of [null, bob.token, eve.token]) {
    expect((await carts.read(cart.id, token)).codes).toEqual(["NOT_FOUND"]);
    const node = await app.ask(token, "query($id: ID!) { node(id: $id) { id } }", { id: cart.id });
    expect(node.data).toEqual({ node: null });
    const edits = [
      ["addCartLines", { lines: [line(tea)] }],
      ["updateCartLines", { lines: [{ lineId: cart.lines[0]?.id, quantity: 0 }] }],
      ["updateCart", { email: "eve@example.test" }],
    ] as const;
    for (const [field, input] of edits)
      expect(await carts.refusal(field, { cartId: cart.id, ...input }, token)).toEqual([
        "CART_NOT_FOUND",
        "cartId",
      ]);
  }
  expect((await carts.read(cart.id, ann.token)).cart).toMatchObject({
    id: cart.id,
    lines: [{ quantity: 1 }],
  });
  expect(owner.accountId).not.toBeNull();
});

test("a saved address of one's own can be used, nobody else's", async () => {
  const [ann, bob] = [await aCustomer(), await aCustomer()];
  const save = "mutation($input: SaveAddressInput!) { saveAddress(input: $input) { address { id } } }";
  const saved = await app.ask(ann.token, save, { input: { address: anAddress({ city: "Bremen" }) } });
  const shippingAddressId = saved.data.saveAddress.address.id;
  const mine = await carts.cart("createCart", {}, ann.token);
  const used = await carts.cart("updateCart", { cartId: mine.id, shippingAddressId }, ann.token);
  expect(used.shippingAddress).toMatchObject({ city: "Bremen" });
  const refused = ["ADDRESS_INVALID", "shippingAddressId"];
  const theirs = await carts.cart("createCart", {}, bob.token);
  const guests = await carts.cart("createCart", {});
  const ask = (cartId: string, token: string | null) =>
    carts.refusal("updateCart", { cartId, shippingAddressId }, token);
  expect(await ask(theirs.id, bob.token)).toEqual(refused);
  expect(await ask(guests.id, null)).toEqual(refused);
});

describe("login", () => {
  test("a guest's cart becomes the account's when that has none", async () => {
    const [tea, ann] = [await aProduct(app.db), await signUp(app)];
    const guest = await carts.cart("createCart", { lines: [line(tea, 2)], email: "typed@example.test" });
    const { cart, tokens } = await login(ann, guest.id);
    expect(cart).toMatchObject({ id: guest.id, email: "typed@example.test", lines: [{ quantity: 2 }] });
    expect((await carts.read(guest.id)).codes).toEqual(["NOT_FOUND"]); // the id alone is no key any more
    expect((await carts.read(guest.id, tokens.accessToken)).cart?.id).toBe(guest.id);
  });

  test("lines arrive in the account's cart: quantities add up to 999, prices are the cart's currency's", async () => {
    const [tea, mug] = [
      await aProduct(app.db, { prices: { EUR: 500n, USD: 550n } }),
      await aProduct(app.db, { prices: { EUR: 800n, USD: 900n } }),
    ];
    const ann = await aCustomer();
    const own = await carts.cart("createCart", { lines: [line(tea, 600)], currency: "USD" }, ann.token);
    const guest = await carts.cart("createCart", { lines: [line(tea, 600), line(mug, 2)] });
    await carts.cart("updateCart", { cartId: guest.id, shippingAddress: anAddress() });
    const { cart } = await login(ann, guest.id);
    expect(cart).toMatchObject({ id: own.id, currency: "USD", shippingAddress: { city: "Hamburg" } });
    const lines = new Map(cart.lines.map((each: { variant: { id: string } }) => [each.variant.id, each]));
    expect(lines.get(tea.variant.id)).toMatchObject({ quantity: 999, unitPrice: { amount: 550 } });
    expect(lines.get(mug.variant.id)).toMatchObject({
      id: guest.lines[1]?.id,
      quantity: 2,
      unitPrice: { amount: 900, currency: "USD" },
    });
    expect((await carts.read(guest.id)).codes).toEqual(["NOT_FOUND"]);
    expect(await carts.refusal("addCartLines", { cartId: guest.id, lines: [] })).toEqual([
      "CART_NOT_FOUND",
      "cartId",
    ]);
    const events = await app.db.outboxEvent.findMany({
      where: { subjectId: readId("cart", guest.id) ?? "" },
    });
    expect(events.map(({ type }) => type)).toEqual(["cart.merged"]);
  });

  test("ten logins at once with one guest cart: the lines arrive once", async () => {
    const [tea, ann] = [await aProduct(app.db), await aCustomer()];
    await carts.cart("createCart", { lines: [line(tea, 1)] }, ann.token);
    const guest = await carts.cart("createCart", { lines: [line(tea, 2)] });
    const logins = await Promise.all(Array.from({ length: 10 }, () => login(ann, guest.id)));
    for (const { userErrors } of logins) expect(userErrors).toEqual([]);
    const { data } = await app.ask(ann.token, "{ me { cart { lines { quantity } } } }");
    expect(data.me.cart.lines).toEqual([{ quantity: 3 }]);
  });

  test("two guest carts at once, none of the account's own yet: nothing is lost", async () => {
    const [tea, mug, ann] = [await aProduct(app.db), await aProduct(app.db), await signUp(app)];
    const guests = [
      await carts.cart("createCart", { lines: [line(tea)] }),
      await carts.cart("createCart", { lines: [line(mug), line(tea)] }),
    ];
    const logins = await Promise.all(guests.map(({ id }) => login(ann, id)));
    expect(logins[0].userErrors).toEqual([]);
    const { data } = await app.ask(
      logins[0].tokens.accessToken,
      "{ me { cart { lines { quantity variant { id } } } } }",
    );
    const quantities = data.me.cart.lines.map((each: { quantity: number }) => each.quantity);
    expect(quantities.sort()).toEqual([1, 2]);
  });

  test("past 100 lines the rest stays behind, and the merge is done", async () => {
    const { variants } = await aProduct(app.db, { variants: Array.from({ length: 120 }, () => ({})) });
    const lines = variants.map(({ id }) => ({ variantId: id, quantity: 1 }));
    const ann = await aCustomer();
    await carts.cart("createCart", { lines: lines.slice(0, 60) }, ann.token);
    const guest = await carts.cart("createCart", { lines: lines.slice(50) });
    const { cart } = await login(ann, guest.id);
    expect(cart.lines).toHaveLength(100);
    expect(cart.lines.filter((each: { quantity: number }) => each.quantity === 2)).toHaveLength(10);
  });

  test("a cart that is being paid for is left alone, and no odd cartId keeps anyone out", async () => {
    const [tea, ann, bob] = [await aProduct(app.db), await aCustomer(), await aCustomer()];
    const paying = await carts.ready(tea);
    await checkOutWith(app, paying, "silence");
    const bobs = await carts.cart("createCart", { lines: [line(tea)] }, bob.token);
    for (const cartId of [paying.id, bobs.id, "cart_x", "", "\0", tea.id]) {
      const { cart, userErrors, tokens } = await login(ann, cartId);
      expect({ cart, userErrors, tokens }).toEqual({ cart: null, userErrors: [], tokens: expect.anything() });
    }
    expect((await carts.read(paying.id)).cart).toMatchObject({ id: paying.id, lines: [{ quantity: 1 }] });
    expect((await carts.read(bobs.id, bob.token)).cart?.lines).toHaveLength(1);
  });
});
