import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const CREATE = "mutation { createCart(input: {}) { cart { id } } }";
const body = (document: unknown) => JSON.stringify({ query: document });
type Answered = { data?: unknown; errors?: { message: string; extensions: { code: string } }[] };

async function send(init: RequestInit, search = "") {
  const response = await fetch(`${app.url}${search}`, { method: "POST", ...init });
  const { data, errors = [] } = (await response.json()) as Answered;
  return { status: response.status, data: data ?? null, codes: errors.map((error) => error.extensions.code) };
}
const json = { "content-type": "application/json" };

test.each([
  ["gzip", gzipSync(body(CREATE))],
  ["deflate", deflateSync(body(CREATE))],
  ["br", brotliCompressSync(body(CREATE))],
  ["br", brotliCompressSync(body(`{ __typename } #${" ".repeat(40 << 20)}`), { params: { 1: 1 } })],
])("a body in %s is not unpacked", async (encoding, packed) => {
  const carts = await app.db.cart.count();
  const answer = await send({
    headers: { ...json, "content-encoding": encoding },
    body: new Uint8Array(packed),
  });
  expect(answer).toEqual({ status: 415, data: null, codes: ["BAD_REQUEST"] });
  expect(await app.db.cart.count()).toBe(carts);
});

const boundary = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${body(CREATE)}\r\n--x--`;
test.each([
  ["text/plain", body(CREATE)],
  ["application/x-www-form-urlencoded", new URLSearchParams({ query: CREATE }).toString()],
  ["multipart/form-data; boundary=x", boundary],
  ["application/graphql", CREATE],
  ["", body(CREATE)],
  ["application/jsonp", body(CREATE)],
])("what comes as '%s' is not carried out", async (type, text) => {
  const carts = await app.db.cart.count();
  const answer = await send({
    headers: type ? { "content-type": type } : {},
    body: new TextEncoder().encode(text),
  });
  expect([400, 415]).toContain(answer.status);
  expect([answer.data, answer.codes]).toEqual([null, ["BAD_REQUEST"]]);
  expect(await app.db.cart.count()).toBe(carts);
});

test.each([1, 2, 3_000])("a batch of %i is not carried out", async (count) => {
  const batch = `[${Array(count).fill('{"query":"{ __typename }"}').join()}]`;
  expect(await send({ headers: json, body: batch })).toEqual({
    status: 400,
    data: null,
    codes: ["BAD_REQUEST"],
  });
});

const PREFLIGHTED = { "apollo-require-preflight": "true" };
describe("GET", () => {
  const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
    send({ method: "GET", headers }, `?${new URLSearchParams(parameters)}`);

  test("asks for a header that a foreign page cannot send", async () => {
    const query = "{ __typename }";
    expect(await get({ query })).toEqual({ status: 400, data: null, codes: ["BAD_REQUEST"] });
    expect(await get({ query }, { "content-type": "text/plain" })).toMatchObject({ status: 400, data: null });
    expect(await get({ query }, PREFLIGHTED)).toMatchObject({ status: 200, data: { __typename: "Query" } });
  });

  test("changes nothing", async () => {
    const carts = await app.db.cart.count();
    const refused = { status: 405, data: null, codes: ["BAD_REQUEST"] };
    expect(await get({ query: CREATE }, PREFLIGHTED)).toEqual(refused);
    const two = { query: `query q { __typename } mutation m ${CREATE.slice(9)}`, operationName: "m" };
    expect(await get(two, PREFLIGHTED)).toEqual(refused);
    expect(await app.db.cart.count()).toBe(carts);
  });
});

test("no page may send cookies along, and none but the listed may read an answer", async () => {
  for (const origin of ["https://studio.apollographql.com", "https://evil.example", "null"]) {
    const { headers } = await fetch(app.url, {
      method: "POST",
      headers: { ...json, origin },
      body: body("{ __typename }"),
    });
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBe(origin.includes("studio") ? origin : null);
  }
});

test.each([
  ["a hash alone", {}],
  ["a hash and another document", { query: "{ __typename }" }],
])("persisted queries are off: %s", async (_what, request) => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: "ab".repeat(32) } };
  const refused = { status: 200, data: null, codes: ["PERSISTED_QUERY_NOT_SUPPORTED"] };
  expect(await send({ headers: json, body: JSON.stringify({ ...request, extensions }) })).toEqual(refused);
  const search = `?${new URLSearchParams({ ...request, extensions: JSON.stringify(extensions) })}`;
  expect(await send({ method: "GET", headers: PREFLIGHTED }, search)).toEqual(refused);
});

const NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
const SORTED = "query($sort: ProductSort) { products(sort: $sort) { totalCount } }";
test.each([
  ["a list of 10,000", 200, NODES, `{"ids":[${Array(10_000).fill('"x"')}]}`],
  ["a list in a list in a list …", 400, NODES, `{"ids":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ["an object in an object …", 400, SORTED, `{"sort":${'{"a":'.repeat(16_000)}1${"}".repeat(16_000)}}`],
])("variables that are %s are refused at once", async (_what, status, query, variables) => {
  const start = performance.now();
  const answer = await send({
    headers: json,
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  });
  expect(performance.now() - start).toBeLessThan(1_000);
  expect([answer.status, answer.data, [...new Set(answer.codes)]]).toEqual([
    status,
    null,
    ["BAD_USER_INPUT"],
  ]);
});
