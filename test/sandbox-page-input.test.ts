import { randomBytes } from "node:crypto";
import type { AuthorizeAsk, PaymentProvider } from "../src/payments";
import { openDatabase } from "../src/platform/database";
import { anAuthorization, lookUpOf } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { decideOnPage, sandboxOf } from "./support/sandbox";

let app: TestApp;
let sandbox: PaymentProvider;
beforeAll(async () => {
  app = await startTestApp();
  sandbox = sandboxOf(app);
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

async function waiting(about: Partial<AuthorizeAsk> = {}) {
  const ask = anAuthorization("sandbox:action_required", { amount: 1234_50n, returnUrl: null, ...about });
  const outcome = await sandbox.authorize(ask);
  return { ask, outcome, url: outcome.nextAction?.url ?? "" };
}
const statusOf = async (ask: AuthorizeAsk) => (await sandbox.lookUp(lookUpOf(ask, null)))?.status;
const read = async (url: string, init: RequestInit = {}) => {
  const response = await fetch(url, { redirect: "manual", ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test("no other path opens a page", async () => {
  const { ask, url } = await waiting();
  const secret = url.split("/").at(-1) ?? "";
  const [id, mac] = [secret.slice(0, 22), secret.slice(22)];
  const others = [
    ...[
      `${id}${mac.startsWith("A") ? "B" : "A"}${mac.slice(1)}`,
      `${"A".repeat(22)}${mac}`,
      randomBytes(48).toString("base64url"),
      "x",
      "%00",
    ],
    app.platform.vault.signedToken("order", "0199e1a8-0000-7000-8000-000000000000"),
  ];
  for (const other of others) {
    const page = await read(url.replace(secret, other));
    expect(page).toMatchObject({ status: 404, text: expect.stringContaining("<h1>No such payment</h1>") });
    expect(
      (
        await decideOnPage(
          { nextAction: { type: "REDIRECT", url: url.replace(secret, other), clientSecret: null } },
          "confirm",
        )
      ).status,
    ).toBe(404);
  }
  expect(await statusOf(ask)).toBe("ACTION_REQUIRED");
});

test("what its form does not send is refused, clearly, and decides nothing", async () => {
  const { ask, url } = await waiting();
  const form = "application/x-www-form-urlencoded";
  const post = (type: string | null, body: string, more = {}) =>
    read(url, { method: "POST", body, headers: { ...(type && { "content-type": type }), ...more } });
  const huge = `decision=confirm&x=${"x".repeat(10 * 1024)}`;
  for (const [status, answer] of [
    [413, await post(form, huge)],
    [400, await post(form, "")],
    [400, await post(form, "decision=constructor")],
    [400, await post(form, "decision=Confirm&%zz=%")],
    [415, await post("application/json", '{"decision":"confirm"}')],
    [415, await post("text/plain", "decision=confirm")],
    [415, await post("multipart/form-data; boundary=x", "decision=confirm")],
    [415, await post(`${form}; charset=utf-16`, "decision=confirm")],
    [415, await post(form, "decision=confirm", { "content-encoding": "gzip" })],
    [404, await read(url, { method: "PUT", body: "decision=confirm", headers: { "content-type": form } })],
  ] as const) {
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/<h1>|"message"/);
    expect(answer.text).not.toMatch(/node_modules|Error:|sandbox\./);
  }
  expect(await statusOf(ask)).toBe("ACTION_REQUIRED");
  expect((await post(`${form}; charset=UTF-8`, "decision=confirm")).status).toBe(303);
});

test("it leads to web pages alone", async () => {
  const { outcome, url } = await waiting({ returnUrl: "javascript:alert(1)" });
  expect((await read(url)).headers.get("content-security-policy")).toContain("form-action 'self';");
  const answer = await decideOnPage(outcome, "confirm");
  expect(answer.headers.get("location")).toMatch(/^\/sandbox\/pay\//);
  expect((await read(url)).text).not.toContain("javascript");
});

test("where clients reach the server is where the page is", async () => {
  const other = await startTestApp({ PUBLIC_URL: "https://pay.example" });
  const { nextAction } = await sandboxOf(other).authorize(anAuthorization("sandbox:action_required"));
  expect(nextAction?.url).toMatch(/^https:\/\/pay\.example\/sandbox\/pay\/[\w-]{64}$/);
  await other.close({ booksBroken: true }); // it is charged without any order of ours
});

test("a shop without the sandbox has none of its pages", async () => {
  const other = await startTestApp({ SANDBOX_PAYMENTS: "false" });
  const { url } = await waiting();
  const path = new URL(url).pathname;
  for (const method of ["GET", "POST"]) {
    const answer = await fetch(new URL(path, other.url), { method });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      404,
      "application/json; charset=utf-8",
    ]);
  }
  expect(other.platform.services.providers.map(({ handle }) => handle)).not.toContain("sandbox");
  await other.close();
});

test("a fault is said to be one, and no more", async () => {
  const other = await startTestApp();
  const { nextAction } = await sandboxOf(other).authorize(anAuthorization("sandbox:action_required"));
  const owner = openDatabase(other.database.ownerUrl, 2, () => undefined);
  await owner.$executeRaw`DROP TABLE sandbox.movements`;
  await owner.$disconnect();
  const answer = await read(nextAction?.url ?? "");
  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.text).errors).toMatchObject([
    { message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } },
  ]);
  await other.close({ booksBroken: true });
});
