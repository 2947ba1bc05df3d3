import { identify, loadOwnAddress } from "../src/accounts";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, unique } from "./support/builders";
import { signIn, signUp } from "./support/sign-up";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const FIELDS = "id name line1 line2 city region postalCode country phone isDefault";
const SAVE = `mutation($input: SaveAddressInput!) { saveAddress(input: $input) { address { ${FIELDS} } userErrors { code path } } }`;
const DELETE =
  "mutation($input: DeleteInput!) { deleteAddress(input: $input) { deletedId userErrors { code path } } }";
const LIST = `{ me { addresses { ${FIELDS} } } }`;

/** Somebody signed in, and what can be done with the addresses. */
async function aCustomer() {
  const { accessToken, id } = await signIn(app, await signUp(app));
  const { ask } = app;
  return {
    id,
    token: accessToken,
    save: async (input: object, headers = {}) =>
      (await ask(accessToken, SAVE, { input }, headers)).data.saveAddress,
    remove: async (addressId: string) =>
      (await ask(accessToken, DELETE, { input: { id: addressId } })).data.deleteAddress,
    list: async () =>
      (await ask(accessToken, LIST)).data.me.addresses as { id: string; isDefault: boolean; city: string }[],
  };
}
const refused = (code: string, ...path: string[]) => ({ address: null, userErrors: [{ code, path }] });

test("what is saved is read again, trimmed, and stored sealed", async () => {
  const ann = await aCustomer();
  const { address, userErrors } = await ann.save({
    address: anAddress({ line1: " 1 Canary Wharf ", line2: "", phone: "+49 40 1" }),
  });
  expect(userErrors).toEqual([]);
  expect(address).toEqual({
    id: expect.stringMatching(/^addr_/),
    ...anAddress({ line1: "1 Canary Wharf", line2: null, region: null, phone: "+49 40 1", isDefault: true }),
  });
  expect(await ann.list()).toEqual([address]);
  const { addressCipher } = await app.db.address.findUniqueOrThrow({
    where: { id: readId("addr", address.id) ?? "" },
  });
  expect(Buffer.from(addressCipher).includes("Canary")).toBe(false);
});

test("the first is the default one; another takes its place when told so; the oldest inherits from a deleted one", async () => {
  const ann = await aCustomer();
  const save = async (input: object) => (await ann.save(input)).address.id as string;
  const defaults = async () => (await ann.list()).filter(({ isDefault }) => isDefault).map(({ id }) => id);
  const first = await save({ address: anAddress() });
  const second = await save({ address: anAddress(), isDefault: null });
  expect(await defaults()).toEqual([first]);
  const third = await save({ address: anAddress(), isDefault: true });
  expect(await defaults()).toEqual([third]);
  await save({ id: third, address: anAddress(), isDefault: false });
  expect(await defaults()).toEqual([third]); // an account with addresses has a default one
  expect(await ann.remove(third)).toEqual({ deletedId: third, userErrors: [] });
  expect([await defaults(), (await ann.list()).length]).toEqual([[first], 2]);
  expect(await ann.remove(second)).toEqual({ deletedId: second, userErrors: [] });
});

test("replaces the one with this id, and only that", async () => {
  const ann = await aCustomer();
  const { address } = await ann.save({ address: anAddress() });
  await ann.save({ address: anAddress({ city: "Bremen" }) });
  const { address: moved } = await ann.save({ id: address.id, address: anAddress({ city: "Kiel" }) });
  expect(moved).toEqual({ ...address, city: "Kiel" });
  expect((await ann.list()).map(({ city }) => city)).toEqual(["Kiel", "Bremen"]);
});

test("ten made default at once: one is", async () => {
  const ann = await aCustomer();
  await Promise.all(Array.from({ length: 10 }, () => ann.save({ address: anAddress(), isDefault: true })));
  const listed = await ann.list();
  expect([listed.length, listed.filter(({ isDefault }) => isDefault).length]).toEqual([10, 1]);
});

test("an account holds fifty, also when sixty come at once", async () => {
  const ann = await aCustomer();
  const answers = await Promise.all(Array.from({ length: 60 }, () => ann.save({ address: anAddress() })));
  expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(50);
  expect(answers.find(({ address }) => address === null)).toEqual(refused("TOO_MANY_ADDRESSES", "address"));
});

test("a repeated Idempotency-Key saves once and answers the same", async () => {
  const ann = await aCustomer();
  const key = { "idempotency-key": `address-${unique()}` };
  const answers = [
    await ann.save({ address: anAddress() }, key),
    await ann.save({ address: anAddress() }, key),
  ];
  expect(answers[1]).toEqual(answers[0]);
  expect(await ann.list()).toHaveLength(1);
});

test("someone else's is not there: neither to change, delete, read nor order to", async () => {
  const [ann, bob] = [await aCustomer(), await aCustomer()];
  const { address } = await ann.save({ address: anAddress() });
  expect(await bob.save({ id: address.id, address: anAddress() })).toEqual(refused("NOT_FOUND", "id"));
  expect(await bob.remove(address.id)).toEqual({
    deletedId: null,
    userErrors: [{ code: "NOT_FOUND", path: ["id"] }],
  });
  const node = async (token: string | null) =>
    (await app.ask(token, "query($id: ID!) { node(id: $id) { id } }", { id: address.id })).data.node;
  expect([await node(ann.token), await node(bob.token), await node(null)]).toEqual([
    { id: address.id },
    null,
    null,
  ]);
  const uuid = readId("addr", address.id) ?? "";
  const own = async (token: string) => {
    const viewer = await identify(app.platform, token);
    return loadOwnAddress(app.platform, app.db, viewer?.accountId ?? "", uuid);
  };
  expect(await own(bob.token)).toBeNull();
  expect(await own(ann.token)).toEqual(anAddress({ line2: null, region: null, phone: null }));
  expect(await ann.list()).toEqual([address]);
});

test.each([
  [{ name: "" }, "name"],
  [{ name: " \t " }, "name"],
  [{ line1: "nul\0" }, "line1"],
  [{ line2: "x".repeat(201) }, "line2"],
  [{ city: "" }, "city"],
  [{ region: "\ud800" }, "region"],
  [{ postalCode: "x".repeat(10_000) }, "postalCode"],
  [{ country: "XX" }, "country"],
  [{ phone: "\u0007" }, "phone"],
])("refuses a bad address, %#", async (about, field) => {
  const ann = await aCustomer();
  expect(await ann.save({ address: anAddress(about) })).toEqual(refused("ADDRESS_INVALID", "address", field));
});

test.each([
  "",
  "x",
  "nul\0",
  "addr_",
  "addr_01h455vb4pex5vsknk084sn02q",
  "acct_01h455vb4pex5vsknk084sn02q",
  "x".repeat(10_000),
])("refuses a bad id, %#", async (id) => {
  const ann = await aCustomer();
  expect(await ann.save({ id, address: anAddress() })).toEqual(refused("NOT_FOUND", "id"));
  expect(await ann.remove(id)).toEqual({
    deletedId: null,
    userErrors: [{ code: "NOT_FOUND", path: ["id"] }],
  });
});

test("a guest has none", async () => {
  const answers = [
    await app.ask(null, SAVE, { input: { address: anAddress() } }),
    await app.ask(null, DELETE, { input: { id: "x" } }),
  ];
  expect(answers.map(({ status, codes }) => [status, codes])).toEqual([
    [200, ["UNAUTHENTICATED"]],
    [200, ["UNAUTHENTICATED"]],
  ]);
});
