import { randomUUID } from "node:crypto";
import type { GraphQLObjectType } from "graphql";
import { newId, toId } from "../src/platform/ids";
import { createSchema } from "../src/schema";
import { type Answer, startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, unique } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";
import { anotherDevice, aPerson, type Person } from "./support/person";
import { saveMethod } from "./support/save-method";
import { anOrderOf, euros, settlementsOf } from "./support/settlements";
import { GOOD_PASSWORD, signUp } from "./support/sign-up";

let app: TestApp;
let ann: Person;
let staff: Person;
let variantId: string;
beforeAll(async () => {
  app = await startTestApp({ PAYMENT_CAPTURE: "manual" });
  await aZone(app.db);
  [ann, staff] = [await aPerson(app), await aPerson(app, "STAFF")];
  variantId = (await aProduct(app.db, { stock: 1_000 })).variant.id;
});
afterAll(() => app.close());

type Input = Record<string, unknown>;
type Row = {
  mutation: string;
  who: () => string | null;
  /** What its payload is asked for beside the refusals */
  answer: string;
  /** Two requests that are not the same. */
  inputs: () => Promise<[Input, Input]>;
};
const by = {
  nobody: () => null,
  ann: () => ann.token,
  staff: () => staff.token,
};
const row = (
  mutation: string,
  who: keyof typeof by,
  answer: string,
  inputs: () => Promise<[Input, Input]>,
): Row => ({ mutation, who: by[who], answer, inputs });
const changed = async (input: Input, change: Input): Promise<[Input, Input]> => [
  input,
  { ...input, ...change },
];
const guestCart = () => aFullCart(app.ask, null, { variantId });
const aCartFor = async (change: (cart: { id: string; lineId: string }) => [Input, Input]) =>
  change(await guestCart());
const CART = "cart { id lines { id quantity } }";
const MONEY = "operation { id status amount { amount } } order { id paymentStatus }";
const anAddressId = async () => {
  const document = "mutation($input: SaveAddressInput!) { saveAddress(input: $input) { address { id } } }";
  return (await app.ask(ann.token, document, { input: { address: anAddress() } })).data.saveAddress.address
    .id;
};
const aCheckout = async (): Promise<[Input, Input]> => {
  const cart = await guestCart();
  const input = { cartId: cart.id, expectedTotal: cart.total, payment: { token: "sandbox:success" } };
  return changed(input, { payment: { token: "sandbox:decline" } });
};
const aPayment = async (about: Input = {}, change: Input = {}) =>
  changed({ paymentId: (await anOrderOf(app)).paymentId, ...about }, change);
/** Something that a provider told and nobody could make sense of, as the inbox keeps it. */
async function anEventInReview() {
  const id = newId();
  const told = { provider: "sandbox", eventId: id, type: "told", note: "a dispute", receivedAt: new Date() };
  await app.db.providerEvent.create({ data: { id, ...told, state: "REVIEW" } });
  return toId("pevt", id);
}
const line = (quantity: number) => ({ lines: [{ variantId, quantity }] });

/** Money moves: without a key nothing happens. */
const required = [
  row("checkout", "nobody", "order { id number } payment { id }", aCheckout),
  row("capturePayment", "staff", MONEY, () => aPayment({ amount: euros(10_00) }, { amount: euros(11_00) })),
  row("voidPayment", "staff", MONEY, async () => [(await aPayment())[0], (await aPayment())[0]]),
  row("refundPayment", "staff", MONEY, async () => {
    const [{ paymentId }] = await aPayment();
    const captured = await settlementsOf(app.ask, staff)("capturePayment", { paymentId });
    expect(captured.data.capturePayment.userErrors).toEqual([]);
    return changed({ paymentId, amount: euros(10_00) }, { amount: euros(11_00) });
  }),
];
/** Done once for a key, whoever of the actor's devices sends it how often. */
const honours = [
  row("createCart", "ann", CART, () => changed({ currency: "EUR", email: "ann@example.test" }, line(1))),
  row("addCartLines", "nobody", CART, () =>
    aCartFor(({ id: cartId }) => [
      { cartId, ...line(2) },
      { cartId, ...line(3) },
    ]),
  ),
  row("updateCartLines", "nobody", CART, () =>
    aCartFor(({ id: cartId, lineId }) => [
      { cartId, lines: [{ lineId, quantity: 2 }] },
      { cartId, lines: [{ lineId, quantity: 3 }] },
    ]),
  ),
  row("updateCart", "nobody", "cart { id email }", () =>
    aCartFor(({ id: cartId }) => [
      { cartId, email: "one@example.test" },
      { cartId, email: "two@example.test" },
    ]),
  ),
  row("updateAccount", "ann", "account { id name }", () => changed({ name: "Ann" }, { name: "Anna" })),
  row("saveAddress", "ann", "address { id city }", () =>
    changed({ address: anAddress() }, { isDefault: true }),
  ),
  row("deleteAddress", "ann", "deletedId", async () => [
    { id: await anAddressId() },
    { id: await anAddressId() },
  ]),
  row("deletePaymentMethod", "ann", "deletedId", async () => [
    { id: await saveMethod(app, ann) },
    { id: await saveMethod(app, ann) },
  ]),
  row("revokeSessions", "ann", "revokedCount", async () => [
    { ids: [await anotherDevice(app, ann)] },
    { ids: [await anotherDevice(app, ann)] },
  ]),
  row("cancelOrder", "staff", "order { id status events { type } }", async () =>
    changed({ orderId: (await anOrderOf(app)).id }, { reason: "Another" }),
  ),
  row("resolveProviderEvent", "staff", "event { id state note }", async () =>
    changed({ id: await anEventInReview(), note: "Dealt with" }, { note: "Dealt with otherwise" }),
  ),
  row("saveProduct", "staff", "product { id version }", () =>
    changed({ title: `Tea ${unique()}` }, { title: "Other" }),
  ),
  row("saveCollection", "staff", "collection { id }", () =>
    changed({ title: `Teas ${unique()}` }, { title: "Other" }),
  ),
  row("setStock", "staff", "variant { id }", () => changed({ variantId, quantity: 900 }, { quantity: 901 })),
  row("adjustStock", "staff", "variant { stock }", () => changed({ variantId, delta: -1 }, { delta: -2 })),
];
/** The key is ignored, and why. */
const ignores = {
  register: "answers the same whether the address is free or taken; a record would tell",
  login: "answers with tokens, which are never kept; a session more does no harm",
  refreshSession: "answers with tokens; its refresh token works once by itself",
  verifyEmail: "answers with tokens; its code works once by itself",
  requestPasswordReset: "answers the same whether the address is known or not; a record would tell",
  resetPassword: "its code works once by itself",
  changePassword: "answers with tokens; a second time the current password is another",
  logout: "ends what is ended already",
  resumeCheckout: "starts nothing: asks what became of the attempt that the first checkout's key stands for",
};
const mutations = (createSchema().getMutationType() as GraphQLObjectType).getFields();

test("every mutation is in the table", () => {
  const named = [...required, ...honours].map(({ mutation }) => mutation);
  expect([...named, ...Object.keys(ignores)].sort()).toEqual(Object.keys(mutations).sort());
});

test("the schema says where a key is required", () => {
  const said = Object.values(mutations).filter(({ description }) =>
    description?.includes("Idempotency-Key required"),
  );
  expect(said.map(({ name }) => name).sort()).toEqual(required.map(({ mutation }) => mutation).sort());
});

const send = ({ mutation, who, answer }: Row, input: Input, key: string | null): Promise<Answer> => {
  const document = `mutation($input: ${mutations[mutation]?.args[0]?.type}) {
    ${mutation}(input: $input) { ${answer} userErrors { code path } } }`;
  return app.ask(who(), document, { input }, key === null ? {} : { "idempotency-key": key });
};

describe.each([...required, ...honours])("$mutation", (mutation) => {
  test("ten times at once with one key: once, every answer the same or IN_USE; other input is REUSED", async () => {
    const [[input, other], key] = [await mutation.inputs(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(mutation, input, key)));
    const done = answers.filter(({ codes }) => codes[0] !== "IDEMPOTENCY_KEY_IN_USE");
    done.push(await send(mutation, input, key));
    for (const { data, errors } of done) expect([data, errors]).toEqual([done[0]?.data, []]);
    expect(done[0]?.data[mutation.mutation].userErrors).toEqual([]);
    expect(await app.db.idempotencyRecord.count({ where: { key, state: "DONE" } })).toBe(1);
    expect((await send(mutation, other, key)).codes).toEqual(["IDEMPOTENCY_KEY_REUSED"]);
  });

  test("a key that is none is refused; without one it is done when it isn't required", async () => {
    const [input] = await mutation.inputs();
    for (const key of ["short", "with a space", "x".repeat(129)]) {
      const { status, codes } = await send(mutation, input, key);
      expect([status, codes]).toEqual([400, ["IDEMPOTENCY_KEY_MISSING"]]);
    }
    const { data, codes } = await send(mutation, input, null);
    if (required.includes(mutation)) expect(codes).toEqual(["IDEMPOTENCY_KEY_MISSING"]);
    else expect(data[mutation.mutation].userErrors).toEqual([]);
  });
});

test("where it is ignored nothing is kept under it, and other input is no other request", async () => {
  const key = randomUUID();
  const person = await signUp(app);
  const login = `mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken } } }`;
  const signedIn = { input: { email: person.email, password: GOOD_PASSWORD } };
  const headers = { "idempotency-key": key };
  const [one, two] = [
    await app.ask(null, login, signedIn, headers),
    await app.ask(null, login, { input: { ...signedIn.input, device: "Other" } }, headers),
  ];
  const tokens = [one, two].map(({ data }) => data.login.tokens);
  expect(tokens[0].accessToken).not.toBe(tokens[1].accessToken);
  const refresh = `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { tokens { accessToken } } }`;
  for (const { refreshToken } of tokens) {
    const { data } = await app.ask(null, refresh, { input: { refreshToken } }, headers);
    const { accessToken } = data.refreshSession.tokens;
    expect((await app.ask(accessToken, "mutation { logout }", {}, headers)).data).toEqual({ logout: true });
  }
  const register =
    "mutation($input: RegisterInput!) { register(input: $input) { accepted userErrors { code } } }";
  for (const email of [`${unique()}@example.test`, `${unique()}@example.test`]) {
    const { data } = await app.ask(null, register, { input: { email, password: GOOD_PASSWORD } }, headers);
    expect(data.register).toEqual({ accepted: true, userErrors: [] });
  }
  expect(await app.db.idempotencyRecord.count({ where: { key } })).toBe(0);
});

test("a guest's new cart has no actor yet whose key it could be: each is another one", async () => {
  const key = randomUUID();
  const create = row("createCart", "nobody", "cart { id }", () => changed({}, {}));
  const [one, two] = [await send(create, {}, key), await send(create, {}, key)];
  expect(one.data.createCart.cart.id).not.toBe(two.data.createCart.cart.id);
  expect(await app.db.idempotencyRecord.count({ where: { key } })).toBe(0);
});

test("a key is its actor's alone", async () => {
  const key = randomUUID();
  const cart = await guestCart();
  expect((await checkOut(app.ask, cart, { key })).data.checkout.userErrors).toEqual([]);
  expect((await checkOut(app.ask, await guestCart(), { key })).data.checkout.userErrors).toEqual([]);
  expect(await app.db.idempotencyRecord.count({ where: { key, state: "DONE" } })).toBe(2);
});
