import { createHash, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:net";
import pg from "pg";
import pino from "pino";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, refreshPriceRanges } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";
import { aPerson } from "./support/person";
import { signUp } from "./support/sign-up";

const lines: string[] = [];
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, { log: pino({ level: "trace" }, { write: (line) => void lines.push(line) }) });
  await aZone(app.db);
});
afterAll(async () => {
  await app.close();
});

const aCart = async () => aFullCart(app.ask, null, { variantId: (await aProduct(app.db)).variant.id });
const mutation = (field: string, type: string, selection: string) =>
  `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} } }`;
const LOGIN = mutation(
  "login",
  "LoginInput",
  "account { id } tokens { accessToken refreshToken } cart { id }",
);
const CREATE_CART = mutation("createCart", "CreateCartInput", "cart { id }");
const UPDATE_CART = mutation(
  "updateCart",
  "UpdateCartInput",
  "cart { totals { total { amount currency } } }",
);
const GUEST_ORDER =
  "query($token: String!) { guestOrder(token: $token) { id email shippingAddress { name } } }";

/** Every row of every table, as its owner would dump them. */
async function dump({ database }: TestApp): Promise<string[]> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const tables = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const { rows: found } = await owner.query<{ row: string }>(
      `SELECT row_to_json(t)::text AS row FROM ${name} t`,
    );
    rows.push(...found.map(({ row }) => `${name} ${row}`));
  }
  await owner.end();
  return rows;
}

test("after sales and mistakes neither the database nor the log holds a person or a key in the clear", async () => {
  const product = await aProduct(app.db);
  const [email, password] = ["canary.account@example.test", "canary-passphrase"];
  const key = () => ({ "idempotency-key": randomUUID() });
  const registration = { email, password, name: "Canary Account" };
  await app.ask(null, mutation("register", "RegisterInput", "accepted"), { input: registration }, key());
  await app.ask(null, LOGIN, { input: { email, password: "canary-mistake" } });
  const { data } = await app.ask(null, LOGIN, { input: { email, password, device: "Canary Phone" } });
  const { accessToken, refreshToken } = data.login.tokens;
  const place = { city: "Canaryville", postalCode: "CAN 1", country: "DE", phone: "+49 canary" };
  const address = {
    name: "Canary Ship",
    line1: "Canary Lane 1",
    line2: "Canary Flat",
    region: "Canary",
    ...place,
  };
  const saved = { input: { address } };
  await app.ask(accessToken, mutation("saveAddress", "SaveAddressInput", "address { id }"), saved, key());
  const keys = [accessToken, refreshToken];
  for (const token of [accessToken, null]) {
    const cart = { lines: [{ variantId: product.variant.id }], email: "canary.cart@example.test" };
    const made = await app.ask(token, CREATE_CART, { input: cart }, key());
    const { id } = made.data.createCart.cart;
    const goes = {
      cartId: id,
      shippingAddress: address,
      billingAddress: address,
      deliveryHandle: "standard",
    };
    const updated = await app.ask(token, UPDATE_CART, { input: goes }, key());
    const { total } = updated.data.updateCart.cart.totals;
    for (const card of ["sandbox:decline", "sandbox:success"]) {
      const payment = { token: card, save: true };
      const { data } = await checkOut(app.ask, { id, total }, { token, payment });
      keys.push(data.checkout.orderToken);
    }
  }
  const needles = ["canary", Buffer.from("Canary").toString("hex"), ...keys].map((one) => one.toLowerCase());
  const told = [...(await dump(app)), ...lines].map((line) => line.toLowerCase());
  expect(told.length).toBeGreaterThan(50);
  expect(told.filter((line) => needles.some((needle) => line.includes(needle)))).toEqual([]);
});

test("the way to a page that confirms a payment is neither in the database nor in the log", async () => {
  const { data } = await checkOut(app.ask, await aCart(), { payment: { token: "sandbox:action_required" } });
  const { url } = data.checkout.nextAction;
  const body = new URLSearchParams({ decision: "confirm" });
  for (const init of [{}, { method: "POST", body }]) expect((await fetch(url, init)).status).toBe(200);
  const secret = String(url).split("/").at(-1) ?? "";
  expect(secret).toHaveLength(64);
  expect([...(await dump(app)), ...lines].filter((line) => line.includes(secret))).toEqual([]);
  expect(lines.filter((line) => line.includes('"/sandbox/pay/:secret"'))).not.toEqual([]);
});

test("a token in the address opens nothing and is not logged", async () => {
  const { token } = await aPerson(app);
  for (const name of ["access_token", "token", "authorization"]) {
    const asked = new URLSearchParams({ query: "{ me { id } }", [name]: token });
    const response = await fetch(`${app.url}?${asked}`, { headers: { "apollo-require-preflight": "1" } });
    expect([response.status, await response.json()]).toMatchObject([200, { data: { me: null } }]);
  }
  expect(lines.filter((line) => line.includes(token))).toEqual([]);
});

test("what was asked with an Idempotency-Key cannot be guessed from the hash that is kept of it", async () => {
  const { id: cartId } = await aCart();
  const input = { cartId, email: "ann@example.test" };
  const key = `guess-${randomUUID()}`;
  await app.ask(null, UPDATE_CART, { input }, { "idempotency-key": key });
  const kept = await app.db.idempotencyRecord.findFirstOrThrow({ where: { key } });
  const guess = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  expect(Buffer.from(kept.inputHash).toString("hex")).not.toBe(guess);
});

describe("a mail server that refuses a recipient and repeats the address", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("220 test\r\n");
      socket.on("data", (data) => {
        const recipient = /^RCPT TO:(\S+)/i.exec(data.toString())?.[1];
        socket.write(recipient ? `550 5.1.1 ${recipient} unknown\r\n` : "250 ok\r\n");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server.close());

  test("leaves it neither in the job's row nor in the log", async () => {
    const { port } = server.address() as { port: number };
    const told: string[] = [];
    const log = pino({ level: "trace" }, { write: (line) => void told.push(line) });
    const shop = await startTestApp({ SMTP_URL: `smtp://127.0.0.1:${port}` }, { log });
    await shop.app.startBackground();
    await signUp(shop, { email: "canary@example.test" });
    while (!told.some((line) => line.includes("Failed task")))
      await new Promise((again) => setTimeout(again, 50));
    const rows = [...(await dump(shop)), ...told];
    expect(rows.filter((row) => row.includes("EENVELOPE, 550"))).not.toEqual([]);
    expect(rows.filter((row) => row.includes("canary"))).toEqual([]);
    await shop.close();
  });
});

test("a guest's key to an order that was declined doesn't open what an account made of it", async () => {
  const cart = await aCart();
  const declined = await checkOut(app.ask, cart, { payment: { token: "sandbox:decline" } });
  const token = declined.data.checkout.orderToken as string;
  expect((await app.ask(null, GUEST_ORDER, { token })).codes).toEqual([]);
  const login = await signUp(app);
  const { data } = await app.ask(null, LOGIN, { input: { ...login, cartId: cart.id } });
  expect(data.login.cart.id).toBe(cart.id);
  const bought = await checkOut(app.ask, cart, { token: data.login.tokens.accessToken });
  const { order, orderToken } = bought.data.checkout;
  expect((await app.ask(null, GUEST_ORDER, { token })).codes).toEqual(["NOT_FOUND"]);
  const seen = await app.ask(null, GUEST_ORDER, { token: orderToken });
  expect(seen.data.guestOrder.id).toBe(order.id);
});

test("carts and orders don't tell what is prepared for a product that was taken out of the shop", async () => {
  const product = await aProduct(app.db, { title: "Tea" });
  const [cart, other] = [
    await aFullCart(app.ask, null, { variantId: product.variant.id }),
    await aFullCart(app.ask, null, { variantId: product.variant.id }),
  ];
  const { orderToken: token } = (await checkOut(app.ask, other)).data.checkout;
  const data = { status: "DRAFT", descriptionHtml: "<p>secret</p>", vendor: "secret" } as const;
  await app.db.product.update({ where: { id: product.uuid }, data });
  await app.db.price.updateMany({ where: { variantId: product.variant.uuid }, data: { amount: 4711n } });
  await refreshPriceRanges(app.db, product.uuid);
  const LINES = `lines { unitPrice { amount } variant { id available price { amount }
    product { title descriptionHtml vendor priceRange { min { amount } } variants { id } } } }`;
  const held = `query($id: ID!, $token: String!) { cart(id: $id) { ${LINES} } guestOrder(token: $token) { ${LINES} } }`;
  const answer = await app.ask(null, held, { id: cart.id, token });
  const nothing = { title: "Tea", descriptionHtml: "", vendor: null, priceRange: null, variants: [] };
  const variant = { id: product.variant.id, available: false, price: null, product: nothing };
  const lines = [{ unitPrice: { amount: 500 }, variant }];
  expect(answer.data).toEqual({ cart: { lines }, guestOrder: { lines } });
});
