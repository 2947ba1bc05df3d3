import { type AuditResult, auditServer } from "graphql-http";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Names of the audits of GraphQL over HTTP that ended so. */
async function audit(fetchFn: typeof fetch) {
  const results = await auditServer({ url: app.url, fetchFn });
  return (status: AuditResult["status"]) =>
    results.filter((one) => one.status === status).map(({ id, name }) => `${id} ${name}`);
}

test("the audits of GraphQL over HTTP notice only that GET asks for a header", async () => {
  const ended = await audit(fetch);
  expect([ended("error"), ended("warn")]).toEqual([[], []]);
  expect(ended("notice").filter((one) => !/GET/.test(one))).toEqual([]);
  expect(ended("ok").length).toBeGreaterThanOrEqual(58);
});

test("with the header they find nothing at all", async () => {
  const ended = await audit((url, init) =>
    fetch(url, { ...init, headers: { ...init?.headers, "apollo-require-preflight": "true" } }),
  );
  expect([...ended("error"), ...ended("warn"), ...ended("notice")]).toEqual([]);
});

describe.each([
  ["application/json", 200],
  ["application/graphql-response+json", 400],
  ["application/graphql-response+json, application/json;q=0.9", 400],
  ["*/*", 400],
])("a client that takes %s is answered %i when", (accept, expected) => {
  test.each([
    ["its document cannot be read", "{", {}],
    ["its document is not valid", "{ nothing }", {}],
    ["its document is too large", `{ ${"__typename ".repeat(11)} }`, {}],
    ["a variable is no such thing", "query($id: ID!) { node(id: $id) { id } }", { id: {} }],
  ])("%s", async (_what, document, variables) => {
    const { status, data, errors } = await app.ask(null, document, variables, { accept });
    expect([status, data ?? null, errors.length]).toEqual([expected, null, 1]);
  });
});
