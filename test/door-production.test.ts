import { getIntrospectionQuery } from "graphql";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ NODE_ENV: "production" });
});
afterAll(() => app.close());

test.each([
  ["the standard question", getIntrospectionQuery()],
  ["__schema", "{ __schema { types { name } } }"],
  ["__type", '{ __type(name: "Account") { fields { name } } }'],
  ["a fragment", "{ ...f } fragment f on Query { __schema { queryType { name } } }"],
  [
    "an inline fragment in a fragment",
    '{ ...f } fragment f on Query { ... { a: __type(name: "Query") { name } } }',
  ],
  ["a mutation", 'mutation { __type(name: "Query") { name } }'],
  ["a circle", "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"],
])("the schema is not told: %s", async (_what, document) => {
  const { status, data, codes } = await app.ask(null, document);
  expect([status, data ?? null, [...new Set(codes)]]).toEqual([400, null, ["GRAPHQL_VALIDATION_FAILED"]]);
});

test("the schema is told when the setting says so", async () => {
  const open = await startTestApp({ NODE_ENV: "production", INTROSPECTION: "true" });
  const { status, data } = await open.ask(null, getIntrospectionQuery());
  await open.close();
  expect([status, data.__schema.queryType.name]).toEqual([200, "Query"]);
});

test("only listed origins may call, and never with cookies", async () => {
  const shop = await startTestApp({
    NODE_ENV: "production",
    CORS_ORIGINS: "https://shop.example,https://app.example",
  });
  const allowed = async (url: string, origin: string, method: string) => {
    const { headers } = await fetch(url, {
      method,
      headers: { origin, "content-type": "application/json", "access-control-request-method": "POST" },
      ...(method === "POST" && { body: '{"query":"{ __typename }"}' }),
    });
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    return headers.get("access-control-allow-origin");
  };
  const origins = [
    "https://app.example",
    "https://shop.example.evil.example",
    "http://shop.example",
    "http://localhost:3000",
    "https://studio.apollographql.com",
    "null",
  ];
  try {
    for (const method of ["OPTIONS", "POST"])
      for (const origin of origins) {
        const listed = origin === "https://app.example" ? origin : null;
        expect([origin, await allowed(shop.url, origin, method)]).toEqual([origin, listed]);
        expect([origin, await allowed(app.url, origin, method)]).toEqual([origin, null]); // none is listed
      }
  } finally {
    await shop.close();
  }
});

test.each([
  ["a field", "{ product { idd } }"],
  ["a root field", "{ prodcts { nodes { id } } }"],
  ["an argument", "{ products(frst: 1) { totalCount } }"],
  ["an enum value", "{ products(sort: TITEL) { totalCount } }"],
  ["a type", "{ node(id: 1) { ... on Acount { id } } }"],
  ["an input field", "mutation { login(input: { emial: 1 }) { mfaToken } }"],
])("a slip in %s is not put right", async (_what, document) => {
  const { status, errors } = await app.ask(null, document);
  expect(status).toBe(400);
  expect(JSON.stringify(errors)).not.toMatch(/did you mean|stack|at \/|\.js/i);
});

/** What graphql-cop tries, in the order in which it tries it; each must come to nothing. */
describe("the checks of a well-known scanner", () => {
  const ask = (document: string) => app.ask(null, document);
  const get = (document: string) =>
    fetch(`${app.url}?${new URLSearchParams({ query: document })}`, { headers: { accept: "*/*" } });
  const answersData = async (response: Response) =>
    (((await response.json().catch(() => ({}))) as { data?: unknown }).data ?? null) !== null;

  test("field suggestions", async () => {
    expect(JSON.stringify((await ask("query cop { __schema { directive } }")).errors)).not.toMatch(
      /did you mean/i,
    );
  });
  test("introspection, also in a circle", async () => {
    expect((await ask("query cop { __schema { types { name fields { name } } } }")).data).toBeUndefined();
  });
  test("an IDE for browsers", async () => {
    for (const path of ["/graphql", "/graphiql", "/playground", "/console", "/"]) {
      const response = await fetch(new URL(path, app.url), { headers: { accept: "text/html" } });
      expect(await response.text()).not.toMatch(/graphiql|playground|sandbox|<html/i);
    }
  });
  test("queries and mutations by GET", async () => {
    expect(await answersData(await get("query cop { __typename }"))).toBe(false);
    expect(await answersData(await get("mutation cop { __typename }"))).toBe(false);
  });
  test("a query in a form", async () => {
    const form = new URLSearchParams({ query: "query cop { __typename }" });
    expect(await answersData(await fetch(app.url, { method: "POST", body: form }))).toBe(false);
  });
  test("tracing", async () => {
    const { data, ...rest } = await ask("query cop { __typename }");
    expect(JSON.stringify([data, rest.errors])).not.toMatch(/tracing/);
  });
  test("an error that was not foreseen", async () => {
    expect(JSON.stringify((await ask("qwerty cop { abc }")).errors)).not.toMatch(/exception|stack/i);
  });
  test("many aliases", async () => {
    const aliases = Array.from({ length: 101 }, (_, i) => `alias${i}: __typename`).join(" \n");
    expect((await ask(`query cop { ${aliases} }`)).data).toBeUndefined();
  });
  test("a batch of ten", async () => {
    const body = JSON.stringify(Array(10).fill({ query: "query cop { __typename }" }));
    const headers = { "content-type": "application/json" };
    expect(await answersData(await fetch(app.url, { method: "POST", headers, body }))).toBe(false);
  });
  test("many directives", async () => {
    expect((await ask(`query cop { __typename ${"@aa".repeat(10)} }`)).errors.length).toBeLessThan(5);
  });
  test("one field many times", async () => {
    expect((await ask(`query cop { ${"__typename \n".repeat(500)} }`)).data).toBeUndefined();
  });
});
