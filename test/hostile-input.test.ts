import { monitorEventLoopDelay } from "node:perf_hooks";
import { startTestApp, type TestApp } from "./support/app";
import { aPerson } from "./support/person";
import { LOGIN, REGISTER } from "./support/sign-up";

let app: TestApp;
let staff: string;
beforeAll(async () => {
  app = await startTestApp();
  staff = (await aPerson(app, "STAFF")).token;
});
afterAll(() => app.close());

const LONG = 50_000;
const BACKTRACKING = {
  "one letter": "a".repeat(LONG),
  "a number of at signs": "a@".repeat(LONG / 2),
  "labels that never end": `a@${"a.".repeat(LONG / 2)}`,
  "spaces before a letter": `${" ".repeat(LONG)}a`,
  "tabs and line ends": `a${"\t\n".repeat(LONG / 2)}a`,
  "open tags": "<a ".repeat(LONG / 3),
  "half a comment": `<!--${"-".repeat(LONG)}`,
  ampersands: "&".repeat(LONG),
  "open brackets": "(".repeat(LONG),
  quotes: `"'`.repeat(LONG / 2),
  "digits and hyphens": "0-".repeat(LONG / 2),
  "marks without letters": "\u0301".repeat(LONG / 2),
};
const SAVE = "mutation($input: SaveProductInput!) { saveProduct(input: $input) { userErrors { code } } }";
const FINE = { email: "ann@example.test", password: "a-fine-long-passphrase" };
const product = (about: object) => ({
  title: "Tea",
  variants: [{ selectedOptions: [], price: { amount: 1, currency: "EUR" } }],
  ...about,
});

const PLACES: Record<string, (text: string) => [string, object]> = {
  "an address of a login": (email) => [LOGIN, { input: { ...FINE, email } }],
  "an address of a registration": (email) => [REGISTER, { input: { ...FINE, email } }],
  "a password": (password) => [REGISTER, { input: { ...FINE, password } }],
  "a name": (name) => [REGISTER, { input: { ...FINE, name } }],
  "a search": (query) => ["query($query: String!) { search(query: $query) { totalCount } }", { query }],
  "a prefix": (prefix) => ["query($prefix: String!) { suggestions(prefix: $prefix) { text } }", { prefix }],
  "a cursor": (after) => ["query($after: String!) { products(after: $after) { totalCount } }", { after }],
  "an id": (id) => ["query($id: ID!) { node(id: $id) { id } }", { id }],
  "an order's token": (token) => ["query($token: String!) { guestOrder(token: $token) { id } }", { token }],
  "a handle": (handle) => [SAVE, { input: product({ handle }) }],
  "a title": (title) => [SAVE, { input: product({ title }) }],
  "a description": (descriptionHtml) => [SAVE, { input: product({ descriptionHtml }) }],
  "a tag": (tag) => [SAVE, { input: product({ tags: [tag] }) }],
};

describe.each(Object.entries(PLACES))("%s", (_place, ask) => {
  test.each(Object.entries(BACKTRACKING))("made of %s keeps nobody waiting", async (_what, text) => {
    const lag = monitorEventLoopDelay({ resolution: 5 });
    lag.enable();
    const { codes } = await app.ask(staff, ...ask(text));
    lag.disable();

    expect(["", "BAD_USER_INPUT", "NOT_FOUND"]).toContain(codes.join());
    expect(lag.max / 1e6).toBeLessThan(1_000); // who goes through all of it for each of its letters takes seconds
  });
});

const NAMED =
  "mutation($name: String) { updateAccount(input: { name: $name }) { account { name } userErrors { code } } }";

test.each(["Ann\r\nBcc: all@example.test", "\u001b[2JAnn", "Ann\u0000"])(
  "a name that mails, terminals and logs would act on is refused: %j",
  async (name) => {
    const { data } = await app.ask(staff, NAMED, { name });
    expect(data.updateAccount).toEqual({ account: null, userErrors: [{ code: "NAME_INVALID" }] });
  },
);

test.each(["<script>alert(1)</script>", "{{7*7}}", "%s%n", "' or '1'='1", "ﬁ ß 🙂"])(
  "a name stays the text that it is: %s",
  async (name) => {
    const { data } = await app.ask(staff, NAMED, { name });
    expect(data.updateAccount).toEqual({ account: { name }, userErrors: [] });
  },
);

const KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];
test.each(KEYS)("a key called %s changes no object, and none is looked up by it", async (key) => {
  const polluting = `{"${key}":{"polluted":1,"prototype":{"polluted":1}},"email":"ann@example.test","password":"x"}`;
  for (const variables of [`{"input":${polluting}}`, polluting]) {
    const body = `{"query":${JSON.stringify(LOGIN)},"variables":${variables}}`;
    const response = await fetch(app.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(400);
  }
  for (const name of ["node", "product"]) {
    const { codes, data } = await app.ask(null, `query($id: ID!) { ${name}(id: $id) { id } }`, {
      id: `${key}_1`,
    });
    expect([codes, data?.[name] ?? null]).toEqual([["BAD_USER_INPUT"], null]);
  }
  const { codes } = await app.ask(null, `{ ${key} { id } }`);
  expect(codes).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test("a condition whose value got lost finds nothing and deletes nothing: it throws", async () => {
  const lost = { emailIndex: undefined as unknown as Uint8Array<ArrayBuffer> };
  const accounts = await app.db.account.count();
  await expect(app.db.account.findFirst({ where: lost })).rejects.toThrow(/undefined/);
  await expect(app.db.account.deleteMany({ where: lost })).rejects.toThrow(/undefined/);
  await expect(app.db.account.updateMany({ where: lost, data: { version: 1 } })).rejects.toThrow(/undefined/);
  expect(await app.db.account.count()).toBe(accounts);
});
