import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from "graphql";
import { newId, toId } from "../src/platform/ids";
import { randomToken } from "../src/platform/vault";
import { createSchema } from "../src/schema";
import { type Answer, startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, unique } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";
import { KEEPING_SESSIONS } from "./support/kept-sessions";
import { anotherDevice, aPerson, type Person } from "./support/person";
import { saveMethod } from "./support/save-method";
import { GOOD_PASSWORD } from "./support/sign-up";

/** ok: answered; null: not there; else the code of an error or a refusal. */
type Cell = "ok" | "null" | string;
type Callers = "anonymous" | "a" | "b" | "staff" | "admin";
type Row = {
  /** The field of the schema, so that none is forgotten */
  field: string;
  /** Whose thing is asked for */
  of: string;
  document: string;
  variables?: (world: World) => object | Promise<object>;
  cells: [anonymous: Cell, a: Cell, b: Cell, staff: Cell, admin: Cell];
};

let app: TestApp;
let world: World;
type World = Awaited<ReturnType<typeof createWorld>>;

/** A has everything a customer can have; B is another customer; a guest has ordered too. */
async function createWorld() {
  await aZone(app.db);
  const [a, b] = [await aPerson(app), await aPerson(app)];
  const [staff, admin] = [await aPerson(app, "STAFF"), await aPerson(app, "ADMIN")];
  const draft = await aProduct(app.db, { status: "DRAFT" });
  const product = await aProduct(app.db, { stock: 1_000 });
  const wanted = { variantId: product.variant.id };
  const ordered = await checkOut(app.ask, await aFullCart(app.ask, a.token, wanted), {
    token: a.token,
    payment: { token: "sandbox:success", save: true },
  });
  const guestCart = await aFullCart(app.ask, null, wanted);
  const guestOrder = await checkOut(app.ask, guestCart);
  const methods = await app.ask(a.token, "{ me { paymentMethods { id } } }");
  const booked = await app.ask(staff.token, "{ ledgerTransactions(first: 1) { nodes { id } } }");
  return {
    people: { a, b, staff, admin } as Record<Exclude<Callers, "anonymous">, Person>,
    a,
    draft,
    product,
    order: ordered.data.checkout.order,
    methodId: methods.data.me.paymentMethods[0].id as string,
    ledgerTransactionId: booked.data.ledgerTransactions.nodes[0].id as string,
    cart: await aFullCart(app.ask, a.token, wanted),
    guestOrder: guestOrder.data.checkout.order,
    guestToken: guestOrder.data.checkout.orderToken as string,
    addressOfA: () => saveAddress(a),
    anotherDeviceOfA: async () => ({ ids: [await anotherDevice(app, a)] }),
    /** A new one that is paid, of A or of a guest */
    paidOrder: async (token: string | null = a.token) => {
      const cart = await aFullCart(app.ask, token, wanted);
      const { order } = (await checkOut(app.ask, cart, { token })).data.checkout;
      return { id: order.id as string, paymentId: order.payments[0].id as string };
    },
    readyGuestCart: () => aFullCart(app.ask, null, wanted),
  };
}

async function saveAddress(person: Person): Promise<string> {
  const { data } = await app.ask(
    person.token,
    "mutation($input: SaveAddressInput!) { saveAddress(input: $input) { address { id } } }",
    { input: { address: anAddress() } },
  );
  return data.saveAddress.address.id;
}

/** Something that a provider told and that waits for a person. */
async function providerEvent(): Promise<string> {
  const [id, receivedAt] = [newId(), new Date()];
  const about = { provider: "sandbox", eventId: unique(), type: "refund.created", note: "not ours" };
  await app.db.providerEvent.create({ data: { id, ...about, state: "REVIEW", receivedAt } });
  return toId("pevt", id);
}

beforeAll(async () => {
  app = await startTestApp(KEEPING_SESSIONS);
  world = await createWorld();
});
afterAll(async () => {
  await app.close();
});

const node = (of: string, id: (world: World) => string | Promise<string>, cells: Row["cells"]): Row => ({
  field: "Query.node",
  of,
  document: "query($id: ID!) { node(id: $id) { id } }",
  variables: async (w) => ({ id: await id(w) }),
  cells,
});
const mutation = (
  field: string,
  type: string,
  of: string,
  input: (world: World) => object | Promise<object>,
  cells: Row["cells"],
): Row => ({
  field: `Mutation.${field}`,
  of,
  document: `mutation($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`,
  variables: async (w) => ({ input: await input(w) }),
  cells,
});
const SIGN_IN = "UNAUTHENTICATED";
const STAFF_ONLY: Row["cells"] = [SIGN_IN, "FORBIDDEN", "FORBIDDEN", "ok", "ok"];
const everyone = (cell: Cell): Row["cells"] => [cell, cell, cell, cell, cell];

const table: Row[] = [
  {
    field: "Query.me",
    of: "the caller",
    document: "{ me { id email } }",
    cells: ["null", "ok", "ok", "ok", "ok"],
  },
  node("A's account", (w) => w.a.accountId, ["null", "ok", "null", "ok", "ok"]),
  node("A's address", (w) => w.addressOfA(), ["null", "ok", "null", "ok", "ok"]),
  node("A's device", (w) => w.a.sessionId, ["null", "ok", "null", "null", "null"]),
  node("A's cart", (w) => w.cart.id, ["null", "ok", "null", "null", "null"]),
  node("A's order", (w) => w.order.id, ["null", "ok", "null", "ok", "ok"]),
  node("A's payment", (w) => w.order.payments[0].id, ["null", "ok", "null", "ok", "ok"]),
  node("A's payment operation", (w) => w.order.payments[0].operations[0].id, [
    "null",
    "ok",
    "null",
    "ok",
    "ok",
  ]),
  node("A's saved payment method", (w) => w.methodId, ["null", "ok", "null", "null", "null"]),
  node("a guest's order", (w) => w.guestOrder.id, ["null", "null", "null", "ok", "ok"]),
  node("a guest's payment", (w) => w.guestOrder.payments[0].id, ["null", "null", "null", "ok", "ok"]),
  node("a transaction of the books", (w) => w.ledgerTransactionId, ["null", "null", "null", "ok", "ok"]),
  node("a draft", (w) => w.draft.id, ["null", "null", "null", "ok", "ok"]),
  {
    field: "Account.sessions",
    of: "A's account",
    document: "query($id: ID!) { node(id: $id) { ... on Account { sessions { id } } } }",
    variables: (w) => ({ id: w.a.accountId }),
    cells: ["null", "ok", "null", "FORBIDDEN", "FORBIDDEN"],
  },
  {
    field: "Query.nodes",
    of: "A's order",
    document: "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    variables: (w) => ({ ids: [w.order.id] }),
    cells: ["null", "ok", "null", "ok", "ok"],
  },
  {
    field: "Query.order",
    of: "A's",
    document:
      "query($id: ID!) { order(id: $id) { id email shippingAddress { name } account { email } payments { id } } }",
    variables: (w) => ({ id: w.order.id }),
    cells: ["NOT_FOUND", "ok", "NOT_FOUND", "ok", "ok"],
  },
  {
    field: "Query.order",
    of: "a guest's",
    document: "query($id: ID!) { order(id: $id) { id } }",
    variables: (w) => ({ id: w.guestOrder.id }),
    cells: ["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "ok", "ok"],
  },
  {
    field: "Query.guestOrder",
    of: "who has the token",
    document: "query($token: String!) { guestOrder(token: $token) { id email payments { id } } }",
    variables: (w) => ({ token: w.guestToken }),
    cells: everyone("ok"),
  },
  ...["", " ", "undefined", "null", "x".repeat(64)].map(
    (token): Row => ({
      field: "Query.guestOrder",
      of: `nobody (token "${token.slice(0, 9)}")`,
      document: "query($token: String!) { guestOrder(token: $token) { id } }",
      variables: () => ({ token }),
      cells: everyone("NOT_FOUND"),
    }),
  ),
  { field: "Query.orders", of: "everyone", document: "{ orders { nodes { id } } }", cells: STAFF_ONLY },
  {
    field: "Query.ledgerTransactions",
    of: "A's order",
    document:
      "query($id: ID!) { ledgerTransactions(orderId: $id) { nodes { id operation { id } entries { account } } } }",
    variables: (w) => ({ id: w.order.id }),
    cells: STAFF_ONLY,
  },
  {
    field: "Query.paymentsNeedingAttention",
    of: "everyone",
    document:
      "{ paymentsNeedingAttention { nodes { reason order { id } payment { id } operation { id } } } }",
    cells: STAFF_ONLY,
  },
  {
    field: "Query.trialBalance",
    of: "the shop's",
    document: "{ trialBalance { currency accounts { balance { amount } } } }",
    cells: STAFF_ONLY,
  },
  {
    field: "Query.cart",
    of: "A's",
    document: "query($id: ID!) { cart(id: $id) { id email } }",
    variables: (w) => ({ id: w.cart.id }),
    cells: ["NOT_FOUND", "ok", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"],
  },
  {
    field: "Query.product",
    of: "a draft",
    document: "query($id: ID!) { product(id: $id) { id } }",
    variables: (w) => ({ id: w.draft.id }),
    cells: ["null", "null", "null", "ok", "ok"],
  },
  {
    field: "Variant.stock",
    of: "a product's",
    document: "query($id: ID!) { product(id: $id) { variants { stock } } }",
    variables: (w) => ({ id: w.product.id }),
    cells: STAFF_ONLY,
  },
  mutation("updateAccount", "UpdateAccountInput", "the caller's", () => ({ name: "New" }), [
    SIGN_IN,
    "ok",
    "ok",
    "ok",
    "ok",
  ]),
  mutation("revokeSessions", "RevokeSessionsInput", "A's other device", (w) => w.anotherDeviceOfA(), [
    SIGN_IN,
    "ok",
    "NOT_FOUND",
    "NOT_FOUND",
    "NOT_FOUND",
  ]),
  mutation(
    "changePassword",
    "ChangePasswordInput",
    "the caller's, which he doesn't know",
    () => ({ currentPassword: "not-the-passphrase", newPassword: GOOD_PASSWORD }),
    [SIGN_IN, ...Array(4).fill("INVALID_CREDENTIALS")] as Row["cells"],
  ),
  mutation(
    "requestPasswordReset",
    "RequestPasswordResetInput",
    "A's",
    (w) => ({ email: w.a.email }),
    everyone("ok"),
  ),
  mutation(
    "resetPassword",
    "ResetPasswordInput",
    "nobody's",
    () => ({ token: randomToken(), password: GOOD_PASSWORD }),
    everyone("INVALID_TOKEN"),
  ),
  mutation(
    "verifyEmail",
    "VerifyEmailInput",
    "nobody's",
    () => ({ token: randomToken() }),
    everyone("INVALID_TOKEN"),
  ),
  mutation("saveAddress", "SaveAddressInput", "a new one", () => ({ address: anAddress() }), [
    SIGN_IN,
    "ok",
    "ok",
    "ok",
    "ok",
  ]),
  mutation(
    "saveAddress",
    "SaveAddressInput",
    "A's",
    async (w) => ({ id: await w.addressOfA(), address: anAddress() }),
    [SIGN_IN, "ok", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"],
  ),
  mutation("deleteAddress", "DeleteInput", "A's", async (w) => ({ id: await w.addressOfA() }), [
    SIGN_IN,
    "ok",
    "NOT_FOUND",
    "NOT_FOUND",
    "NOT_FOUND",
  ]),
  mutation(
    "addCartLines",
    "AddCartLinesInput",
    "A's cart",
    (w) => ({ cartId: w.cart.id, lines: [{ variantId: w.product.variant.id }] }),
    ["CART_NOT_FOUND", "ok", "CART_NOT_FOUND", "CART_NOT_FOUND", "CART_NOT_FOUND"],
  ),
  mutation(
    "updateCartLines",
    "UpdateCartLinesInput",
    "A's cart",
    (w) => ({ cartId: w.cart.id, lines: [{ lineId: w.cart.lineId, quantity: 1 }] }),
    ["CART_NOT_FOUND", "ok", "CART_NOT_FOUND", "CART_NOT_FOUND", "CART_NOT_FOUND"],
  ),
  mutation(
    "updateCart",
    "UpdateCartInput",
    "A's cart",
    (w) => ({ cartId: w.cart.id, shippingAddress: anAddress() }),
    ["CART_NOT_FOUND", "ok", "CART_NOT_FOUND", "CART_NOT_FOUND", "CART_NOT_FOUND"],
  ),
  mutation(
    "updateCart",
    "UpdateCartInput",
    "a guest's cart with A's address",
    async (w) => ({ cartId: (await w.readyGuestCart()).id, shippingAddressId: await w.addressOfA() }),
    ["ADDRESS_INVALID", "ok", "ADDRESS_INVALID", "ADDRESS_INVALID", "ADDRESS_INVALID"],
  ),
  mutation(
    "checkout",
    "CheckoutInput",
    "A's cart",
    (w) => ({
      cartId: w.cart.id,
      expectedTotal: { amount: 1, currency: "EUR" },
      payment: { token: "sandbox:success" },
    }),
    ["CART_NOT_FOUND", "TOTAL_CHANGED", "CART_NOT_FOUND", "CART_NOT_FOUND", "CART_NOT_FOUND"],
  ),
  mutation(
    "checkout",
    "CheckoutInput",
    "a guest's cart with A's saved method",
    async (w) => {
      const cart = await w.readyGuestCart();
      return { cartId: cart.id, expectedTotal: cart.total, payment: { paymentMethodId: w.methodId } };
    },
    [
      "PAYMENT_METHOD_INVALID",
      "ok",
      "PAYMENT_METHOD_INVALID",
      "PAYMENT_METHOD_INVALID",
      "PAYMENT_METHOD_INVALID",
    ],
  ),
  mutation("resumeCheckout", "ResumeCheckoutInput", "A's cart", (w) => ({ cartId: w.cart.id }), [
    "CART_NOT_FOUND",
    "NOTHING_TO_RESUME",
    "CART_NOT_FOUND",
    "CART_NOT_FOUND",
    "CART_NOT_FOUND",
  ]),
  mutation(
    "deletePaymentMethod",
    "DeleteInput",
    "A's saved method",
    async (w) => ({ id: await saveMethod(app, w.a) }),
    [SIGN_IN, "ok", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"],
  ),
  ...(
    [
      ["capturePayment", "CapturePaymentInput", "NOTHING_TO_CAPTURE"],
      ["voidPayment", "VoidPaymentInput", "NOTHING_TO_VOID"],
      ["refundPayment", "RefundPaymentInput", "ok"],
    ] as const
  ).map(([field, type, cell]) =>
    mutation(field, type, "A's", async (w) => ({ paymentId: (await w.paidOrder()).paymentId }), [
      SIGN_IN,
      "FORBIDDEN",
      "FORBIDDEN",
      cell,
      cell,
    ]),
  ),
  mutation("cancelOrder", "CancelOrderInput", "A's", async (w) => ({ orderId: (await w.paidOrder()).id }), [
    SIGN_IN,
    "ok",
    "ORDER_NOT_FOUND",
    "ok",
    "ok",
  ]),
  mutation(
    "cancelOrder",
    "CancelOrderInput",
    "a guest's",
    async (w) => ({ orderId: (await w.paidOrder(null)).id }),
    [SIGN_IN, "ORDER_NOT_FOUND", "ORDER_NOT_FOUND", "ok", "ok"],
  ),
  node("a provider's event", () => providerEvent(), ["null", "null", "null", "ok", "ok"]),
  mutation(
    "resolveProviderEvent",
    "ResolveProviderEventInput",
    "a provider's event",
    async () => ({ id: await providerEvent(), note: "looked at" }),
    STAFF_ONLY,
  ),
  mutation("createCart", "CreateCartInput", "a new one", () => ({}), everyone("ok")),
  mutation("saveProduct", "SaveProductInput", "the shop's", () => ({ title: `Tea ${unique()}` }), STAFF_ONLY),
  mutation(
    "saveCollection",
    "SaveCollectionInput",
    "the shop's",
    () => ({ title: `Teas ${unique()}` }),
    STAFF_ONLY,
  ),
  mutation(
    "setStock",
    "SetStockInput",
    "the shop's",
    (w) => ({ variantId: w.product.variant.id, quantity: 900 }),
    STAFF_ONLY,
  ),
  mutation(
    "adjustStock",
    "AdjustStockInput",
    "the shop's",
    (w) => ({ variantId: w.product.variant.id, delta: 1 }),
    STAFF_ONLY,
  ),
];

/** The answer in one word. */
function cellOf({ data, errors, codes }: Answer): Cell {
  if (errors.length > 0) return codes[0] ?? "?";
  const [value] = Object.values(data as Record<string, unknown>);
  if (value === null || (Array.isArray(value) && value[0] === null)) return "null";
  return (value as { userErrors?: { code: string }[] }).userErrors?.[0]?.code ?? "ok";
}

describe("every field that takes or returns someone's data, tried by everyone", () => {
  const callers = ["anonymous", "a", "b", "staff", "admin"] as const;
  const cases = table.flatMap((row) =>
    callers.map((caller, index) => ({ ...row, caller, expected: row.cells[index] as Cell })),
  );

  test.each(cases)(
    "$field of $of by $caller: $expected",
    async ({ document, variables, caller, expected }) => {
      const token = caller === "anonymous" ? null : world.people[caller].token;
      const key = { "idempotency-key": `rights-${unique()}` };
      expect(cellOf(await app.ask(token, document, await variables?.(world), key))).toBe(expected);
    },
  );

  test("A's order and no order answer alike to B, byte for byte but for the request id", async () => {
    const answer = async (id: string) => {
      const { errors } = await app.ask(world.people.b.token, "query($id: ID!) { order(id: $id) { id } }", {
        id,
      });
      return JSON.stringify(errors).replace(/"requestId":"[^"]+"/, "");
    };
    expect(await answer(world.order.id)).toBe(await answer("order_01h455vb4pex5vsknk084sn02q"));
  });

  test("one alias of a document opens nothing for the next", async () => {
    const document =
      "query($mine: ID!, $theirs: ID!) { mine: order(id: $mine) { id } theirs: order(id: $theirs) { id } }";
    const { data, codes } = await app.ask(world.a.token, document, {
      mine: world.order.id,
      theirs: world.guestOrder.id,
    });
    expect([data?.mine?.id, data?.theirs ?? null, codes]).toEqual([world.order.id, null, ["NOT_FOUND"]]);
  });
});

test("no operation that reaches someone's data is missing from the table", () => {
  const schema = createSchema();
  const personal = [
    "Account",
    "Address",
    "Session",
    "PaymentMethod",
    "Cart",
    "Order",
    "Payment",
    "PaymentOperation",
  ];
  /** Whether a type is, or directly leads to, something of someone's. */
  const reaches = (type: GraphQLNamedType): boolean => {
    if (isInterfaceType(type) || personal.includes(type.name)) return true;
    const fields =
      isObjectType(type) && /(Payload|Connection|Edge)$/.test(type.name)
        ? Object.values(type.getFields())
        : [];
    return fields.some(
      (field) =>
        personal.includes(getNamedType(field.type).name) || /Edge$/.test(getNamedType(field.type).name),
    );
  };
  const open = [
    "Query.products",
    "Query.search",
    "Query.collections",
    "Mutation.register",
    "Mutation.login",
    "Mutation.refreshSession",
  ];
  const roots = [schema.getQueryType(), schema.getMutationType()] as GraphQLObjectType[];
  const wanted = roots.flatMap((root) =>
    Object.values(root.getFields())
      .filter((field) =>
        root.name === "Mutation" ? field.args.length > 0 : reaches(getNamedType(field.type)),
      )
      .map((field) => `${root.name}.${field.name}`),
  );
  const covered = new Set(table.map((row) => row.field));
  expect(wanted.filter((field) => !covered.has(field) && !open.includes(field))).toEqual([]);
});
