import { newId, readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aZone } from "./support/builders";
import { cartsOf } from "./support/carts";
import { countStatements } from "./support/count-statements";

let app: TestApp;
let carts: ReturnType<typeof cartsOf>;
beforeAll(async () => {
  app = await startTestApp();
  carts = cartsOf(app);
  await aZone(app.db);
});
afterAll(() => app.close());

const uuidOf = (cartId: string) => readId("cart", cartId) ?? "";
const keyOf = async (cartId: string) =>
  (await app.db.cart.findUniqueOrThrow({ where: { id: uuidOf(cartId) } })).dataKeyId;

test("each change of who a cart is for is one statement, and all of it stays under one key", async () => {
  const { id: cartId } = await carts.cart("createCart", {});
  const change = (input: object) => countStatements(() => carts.cart("updateCart", { cartId, ...input }));
  expect(await change({ email: "ann@example.test" })).toBe(1);
  const first = await keyOf(cartId);
  expect(await change({ shippingAddress: anAddress() })).toBe(1);
  expect(await change({ billingAddress: anAddress({ name: "Office" }), deliveryHandle: "standard" })).toBe(1);
  expect(first).not.toBeNull();
  expect(await keyOf(cartId)).toBe(first);
  expect((await carts.read(cartId)).cart).toMatchObject({
    ...{
      email: "ann@example.test",
      shippingAddress: { name: "Ann Example" },
      billingAddress: { name: "Office" },
    },
  });
});

test("a cart that got another key meanwhile is sealed with that one", async () => {
  const { id: cartId } = await carts.cart("createCart", { email: "ann@example.test" });
  const key = { ...app.app.platform.vault.newDataKey(newId()), createdAt: new Date() };
  await app.db.dataKey.create({ data: key });
  await app.db.cart.update({ where: { id: uuidOf(cartId) }, data: { dataKeyId: key.id, emailCipher: null } });
  await carts.cart("updateCart", { cartId, email: "bob@example.test" });
  expect(await keyOf(cartId)).toBe(key.id);
  expect((await carts.read(cartId)).cart).toMatchObject({ email: "bob@example.test" });
});

test("nothing is sealed with a key that was destroyed meanwhile: the cart gets a new one", async () => {
  const { id: cartId } = await carts.cart("createCart", { email: "ann@example.test" });
  const first = await keyOf(cartId);
  await app.db.dataKey.update({
    where: { id: first ?? "" },
    data: { wrapped: null, destroyedAt: new Date() },
  });
  const { email } = await carts.cart("updateCart", { cartId, shippingAddress: anAddress() });
  expect(email).toBeNull(); // erased with its key
  expect(await keyOf(cartId)).not.toBe(first);
  expect((await carts.read(cartId)).cart).toMatchObject({ shippingAddress: { name: "Ann Example" } });
});

test("ten at once who seal a cart's first: one key, and every part can be read", async () => {
  const { id: cartId } = await carts.cart("createCart", {});
  const inputs = Array.from({ length: 10 }, (_, index) =>
    index % 2
      ? { email: `ann${index}@example.test` }
      : { shippingAddress: anAddress({ name: `Ann ${index}` }) },
  );
  await Promise.all(inputs.map((input) => carts.cart("updateCart", { cartId, ...input })));
  const { cart } = await carts.read(cartId);
  expect(cart?.email).toMatch(/^ann\d@/);
  expect(cart?.shippingAddress).toMatchObject({ name: expect.stringMatching(/^Ann \d$/) });
});
