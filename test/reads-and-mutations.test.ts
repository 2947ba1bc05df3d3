import { startTestApp, type TestApp } from "./support/app";
import { holdTable } from "./support/hold-table";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RESPONSE_CACHE_MB: "0" });
});
afterAll(() => app.close());

const LIST = "collections(first: 5) { nodes { id } }";
async function send(body: object) {
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(app.url, { method: "POST", headers, body: JSON.stringify(body) });
  return status;
}

test.each([
  ["in a comment", { query: `{ ${LIST} } # mutation checkout` }],
  ["as its name", { query: `query mutation { ${LIST} }` }],
  [
    "as another operation of the document",
    { query: `query A { ${LIST} } mutation B { checkout: __typename }`, operationName: "A" },
  ],
])("a read that has the word mutation %s has two seconds, as every read", async (_where, body) => {
  const table = await holdTable(app.database, "collections");
  const late = setTimeout(table.release, 6_000);
  const status = await send(body);
  clearTimeout(late);
  await table.release();
  expect(status).toBe(503);
});
