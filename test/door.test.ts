import pino from "pino";
import { logOptions } from "../src/platform/log";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
let origin: string;
beforeAll(async () => {
  app = await startTestApp();
  origin = new URL(app.url).origin;
});
afterAll(() => app.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(app.url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
const codesOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors.map(
    (error) => error.extensions.code,
  );
const HELLO = JSON.stringify({ query: "{ __typename }" });

test.each([
  "/",
  "/GRAPHQL",
  "/graphql/",
  "//graphql",
  "/graphql%2f",
  "/graphql/..;/admin",
  "/%67raphql",
  "/admin",
  "/webhooks",
])("%s is a JSON 404", async (path) => {
  const response = await fetch(`${origin}${path}`);
  expect([response.status, await codesOf(response)]).toEqual([404, ["NOT_FOUND"]]);
});

test.each(["x-original-url", "x-rewrite-url", "x-http-method-override", "x-forwarded-prefix"])(
  "%s moves nothing",
  async (header) => {
    const value = header.includes("method") ? "POST" : "/graphql";
    const response = await fetch(`${origin}/admin`, { headers: { [header]: value } });
    expect([response.status, await codesOf(response)]).toEqual([404, ["NOT_FOUND"]]);
  },
);

test.each(["PUT", "DELETE", "PATCH"])("%s is a JSON 405", async (method) => {
  const response = await fetch(app.url, { method });
  expect([response.status, await codesOf(response)]).toEqual([405, ["BAD_REQUEST"]]);
});

test.each([
  ["broken JSON", '{"query":', {}, 400, "BAD_REQUEST"],
  ["a form", "query=1", { "content-type": "application/x-www-form-urlencoded" }, 415, "BAD_REQUEST"],
  ["plain text", HELLO, { "content-type": "text/plain" }, 415, "BAD_REQUEST"],
  ["a compressed body", HELLO, { "content-encoding": "gzip" }, 415, "BAD_REQUEST"],
  ["another charset", HELLO, { "content-type": "application/json; charset=utf-7" }, 415, "BAD_REQUEST"],
  [
    "101 kB",
    JSON.stringify({ query: `{ __typename } #${"x".repeat(101 * 1024)}` }),
    {},
    413,
    "PAYLOAD_TOO_LARGE",
  ],
  ["a document that does not parse", JSON.stringify({ query: "{ a" }), {}, 400, "GRAPHQL_PARSE_FAILED"],
  ["an unknown field", JSON.stringify({ query: "{ nothing }" }), {}, 400, "GRAPHQL_VALIDATION_FAILED"],
  ["a batch", `[${HELLO},${HELLO}]`, {}, 400, "BAD_REQUEST"],
  ["__proto__", '{"query":"{ __typename }","__proto__":{"x":1}}', {}, 400, "BAD_REQUEST"],
])("%s is refused in JSON", async (_what, body, headers, status, code) => {
  const response = await post(body, headers as Record<string, string>);
  expect([response.status, await codesOf(response)]).toEqual([status, [code]]);
  expect(response.headers.get("content-type")).toMatch(/json/);
});

test.each(["Bearer forged-token-of-thirty-characters", "Bearer x", "Basic abc", "Bearer"])(
  "a bad token (%s) is 401 whatever is asked",
  async (authorization) => {
    const response = await post(HELLO, { authorization });
    expect([response.status, await codesOf(response)]).toEqual([401, ["UNAUTHENTICATED"]]);
  },
);

test.each([
  ["a bad token", HELLO, { authorization: "Bearer forged-token-of-thirty-characters" }],
  ["a document that does not parse", JSON.stringify({ query: "{ a" }), {}],
  ["a refused argument", JSON.stringify({ query: '{ product(id: "x") { id } }' }), {}],
])("the error of %s names its request", async (_what, body, headers) => {
  const response = await post(body, {
    ...(headers as Record<string, string>),
    "x-request-id": "this-request",
  });
  const { errors } = (await response.json()) as { errors: { extensions: { requestId: string } }[] };
  expect(errors.map((error) => error.extensions.requestId)).toEqual(["this-request"]);
});

test("Apollo Sandbox may call during development, other origins may not", async () => {
  const preflight = (from: string) =>
    fetch(app.url, {
      method: "OPTIONS",
      headers: {
        origin: from,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,idempotency-key",
      },
    });
  const allowed = async (from: string) => (await preflight(from)).headers.get("access-control-allow-origin");
  expect(await allowed("https://studio.apollographql.com")).toBe("https://studio.apollographql.com");
  expect(await allowed("http://localhost:3000")).toBe("http://localhost:3000");
  expect(await allowed("https://evil.example")).toBeNull();
});

test("what cannot be read at all is told so in JSON, too", async () => {
  const badUrl = await fetch(`${origin}/%zz`);
  expect([badUrl.status, await codesOf(badUrl)]).toEqual([400, ["BAD_REQUEST"]]);
  const large = await post(HELLO, { "x-large": "x".repeat(17_000) });
  expect([large.status, await codesOf(large)]).toEqual([431, ["BAD_REQUEST"]]);
  const options = await fetch(app.url, { method: "OPTIONS" });
  expect([options.status, await options.text()]).toEqual([204, ""]);
});

test("an answer is nobody else's to keep, and names its request", async () => {
  const { headers } = await post(HELLO, { "x-request-id": "my-request-1" });
  expect(headers.get("cache-control")).toBe("no-store, private");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-request-id")).toBe("my-request-1");
  expect((await post(HELLO, { "x-request-id": "bad id\u0009" })).headers.get("x-request-id")).toMatch(
    /^[0-9a-f-]{36}$/,
  );
});

test("an Idempotency-Key goes with one mutation, however it is written", async () => {
  const document =
    "mutation { ...two } fragment two on Mutation { a: createCart(input: {}) { cart { id } } b: createCart(input: {}) { cart { id } } }";
  const refused = await post(JSON.stringify({ query: document }), { "idempotency-key": "two-at-once" });
  expect([refused.status, await codesOf(refused)]).toEqual([400, ["IDEMPOTENCY_KEY_MISSING"]]);
  expect((await post(JSON.stringify({ query: document }))).status).toBe(200);
});

test("alive and ready", async () => {
  for (const path of ["/livez", "/readyz"]) {
    const response = await fetch(`${origin}${path}`);
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  }
});

test("a fault is masked: the client gets a request id, the log the cause", async () => {
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line) };
  const broken = await startTestApp({}, { log: pino(logOptions("error"), output) });
  await broken.db.$executeRaw`ALTER TABLE products RENAME TO products_gone`.catch(() => undefined);
  const { Client } = await import("pg");
  const owner = new Client({ connectionString: broken.database.ownerUrl });
  await owner.connect();
  await owner.query("ALTER TABLE products RENAME TO products_gone");
  await owner.end();
  const { errors } = await broken.ask(null, "{ products { nodes { id } } }");
  expect(errors[0]?.message).toBe("Internal server error");
  expect(errors[0]?.extensions).toEqual({ code: "INTERNAL_SERVER_ERROR", requestId: expect.any(String) });
  const told = lines.filter((line) => line.includes(String(errors[0]?.extensions.requestId)));
  expect(told).toHaveLength(1);
  const { err } = JSON.parse(told[0] ?? "");
  expect([err.stack, JSON.stringify(err)]).toEqual([
    expect.stringMatching(/\n +at /),
    expect.stringContaining('relation \\"products\\" does not exist'),
  ]);
  await broken.close({ booksBroken: true });
});

test("in production there is no introspection, no landing page, no sandbox and no hint", async () => {
  const production = await startTestApp({ NODE_ENV: "production" });
  const { codes } = await production.ask(null, "{ __schema { types { name } } }");
  expect(codes).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
  const { errors } = await production.ask(null, "{ product { idd } }");
  expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
  const page = await fetch(production.url, { headers: { accept: "text/html" } });
  expect(await page.text()).not.toMatch(/<html/i);
  const { data } = await production.ask(null, "{ shop { paymentProviders { handle } } }");
  expect(data.shop.paymentProviders).toEqual([]);
  await production.close();
});
