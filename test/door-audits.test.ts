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
