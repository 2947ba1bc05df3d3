import { getIntrospectionQuery } from "graphql";
import { newId, toId } from "../src/platform/ids";
import { type Answer, startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(" ");
const collection = `collection(id: "${toId("coll", newId())}")`;

/** The title of a collection's parent's parent's … parent, asked for level by level or fragment by fragment. */
const deep = (levels: number) =>
  `{ ${collection} { ${"parent { ".repeat(levels - 2)} title ${"} ".repeat(levels - 2)} } }`;
const deepInFragments = (levels: number) =>
  `${times(levels - 2, (i) => `fragment f${i} on Collection { parent { ...f${i + 1} } }`)}
   fragment f${levels - 2} on Collection { title } { ${collection} { ...f0 } }`;
/** Each fragment spreads the next one twice. */
const doubling = (fragments: number) =>
  `${times(fragments, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)}
   fragment f${fragments} on Query { __typename } { ...f0 }`;
const conditional = (count: number) => `{ ${times(count, () => "... @include(if: true) { __typename }")} }`;
const carts = (count: number) =>
  `mutation { ${times(count, (i) => `m${i}: createCart(input: {}) { cart { id } }`)} }`;

test.each([
  ["12 levels", deep(12)],
  ["12 levels of fragments", deepInFragments(12)],
  ["15 aliases", `{ ${times(15, (i) => `a${i}: __typename`)} }`],
  ["50 directives", conditional(50)],
  ["a field 10 times", `{ ${"__typename ".repeat(10)} }`],
  ["8 fragments that double", doubling(8)],
  ["5 mutations", carts(5)],
  ["what Apollo Sandbox asks first", getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })],
  ["introspection beside a question", '{ __type(name: "Query") { name } __typename }'],
])("%s: answered", async (_what, document) => {
  const { status, errors } = await app.ask(null, document);
  expect([status, errors]).toEqual([200, []]);
});

/** The quickest of so many attempts: the machine may be late, the server is not. */
async function fastestOf(attempts: number, document: string) {
  const taken: { answer: Answer; ms: number }[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const start = performance.now();
    const answer = await app.ask(null, document);
    taken.push({ answer, ms: performance.now() - start });
  }
  return taken.reduce((best, one) => (one.ms < best.ms ? one : best));
}

const INVALID = "GRAPHQL_VALIDATION_FAILED";
const UNPARSED = "GRAPHQL_PARSE_FAILED";

test.each([
  ["13 levels", deep(13), INVALID, /12 levels/],
  ["13 levels of fragments", deepInFragments(13), INVALID, /12 levels/],
  [
    "13 levels beside introspection",
    deep(13).replace("{", "{ __schema { description }"),
    INVALID,
    /12 levels/,
  ],
  ["20,000 levels", `${"{ a ".repeat(20_000)}`, UNPARSED, /tokens/],
  ["16 aliases", `{ ${times(16, (i) => `a${i}: shop { name }`)} }`, INVALID, /15 aliases/],
  ["101 aliases of __typename", `{ ${times(101, (i) => `a${i}: __typename`)} }`, INVALID, /15 aliases/],
  ["10 unknown directives", `{ __typename ${"@aa".repeat(10)} }`, INVALID, /aa/],
  ["51 directives", conditional(51), INVALID, /50 directives/],
  ["1,000 directives", `{ __typename ${"@include(if: true) ".repeat(1_000)} }`, UNPARSED, /tokens/],
  ["101 comments", `${"#\n".repeat(101)}{ __typename }`, UNPARSED, /comments/],
  ["1,001 tokens", `{ ${"a ".repeat(999)}}`, UNPARSED, /tokens/],
  [
    "1,000 unused variables",
    `query(${times(1_000, (i) => `$v${i}: Int`)}) { __typename }`,
    UNPARSED,
    /tokens/,
  ],
  ["200 unused variables", `query(${times(200, (i) => `$v${i}: Int`)}) { __typename }`, INVALID, /\$v0/],
  ["10,000 items in a list", `{ nodes(ids: [${"1,".repeat(10_000)}]) { id } }`, UNPARSED, /tokens/],
  ["a field 500 times", `{ ${"__typename ".repeat(500)} }`, INVALID, /10 times/],
  ["a fragment in itself", "{ ...f } fragment f on Query { ...f }", INVALID, /never in itself/],
  [
    "fragments in each other",
    "{ ...f } fragment f on Query { shop { ...g } } fragment g on Shop { ...h } fragment h on Query { ...f }",
    INVALID,
    /never in itself/,
  ],
  ["18 fragments that double", doubling(18), INVALID, /1000 selections/],
  ["90 fragments that double", doubling(90), INVALID, /1000 selections/],
  ["200 overlapping fields", `{ ${"shop { name } ".repeat(200)} }`, INVALID, /10 times/],
  [
    "80 conflicting fields, each in a fragment of its own",
    `{ ${times(80, (i) => `... { product(id: "${i}") { id } }`)} }`,
    INVALID,
    /conflict/,
  ],
  ["a subscription", "subscription { orderPaid { id } }", INVALID, /no subscription/],
  [
    "a subscription beside a query",
    "query A { __typename } subscription B { a }",
    INVALID,
    /no subscription/,
  ],
  ["@defer", "{ ... @defer { __typename } }", INVALID, /defer/],
  ["@stream", "{ products { nodes @stream { id } } }", INVALID, /stream/],
  ["6 mutations", carts(6), INVALID, /5 mutations/],
  [
    "6 mutations in fragments",
    carts(6).replace("mutation {", "mutation { ...f } fragment f on Mutation {"),
    INVALID,
    /5 mutations/,
  ],
])("%s: refused within 100 ms", async (_what, document, code, why) => {
  const { answer, ms } = await fastestOf(3, document);
  expect(ms).toBeLessThan(100);
  const { status, codes, errors, data } = answer;
  expect([status, data ?? null]).toEqual([400, null]);
  expect(codes.length).toBeLessThanOrEqual(4);
  expect([...new Set(codes)]).toEqual([code]);
  expect(errors.map(({ message }) => message).join()).toMatch(why);
});

test.each([
  "register",
  "login",
  "refreshSession",
  "checkout",
  "resumeCheckout",
  "capturePayment",
  "voidPayment",
  "refundPayment",
  "cancelOrder",
])("two of %s in one document are refused before either begins", async (name) => {
  const { status, codes, errors } = await app.ask(null, `mutation { a: ${name} b: ${name} }`);
  expect([status, codes]).toEqual([400, [INVALID]]);
  expect(errors[0]?.message).toMatch(/at most one mutation that signs in or moves money/);
});

test("neither of a login and a registration in one document is done", async () => {
  const document = `mutation($email: String!, $password: String!) {
    register(input: { email: $email, password: $password }) { accepted }
    login(input: { email: $email, password: $password }) { userErrors { code } }
  }`;
  const before = await app.db.account.count();
  const variables = { email: "ann@example.test", password: "a password of some length" };
  expect((await app.ask(null, document, variables)).status).toBe(400);
  expect(await app.db.account.count()).toBe(before);
});
