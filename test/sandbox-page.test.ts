import type { AuthorizeAsk, PaymentProvider } from "../src/payments";
import { HOUR } from "../src/platform/clock";
import { anAuthorization, lookUpOf } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { decideOnPage, sandboxOf } from "./support/sandbox";

const clock = movableClock();
const RETURN = "https://shop.example/thanks?cart=1&x='><b>";
let app: TestApp;
let sandbox: PaymentProvider;
beforeAll(async () => {
  app = await startTestApp({ SHOP_NAME: `<b>"Tea" & 'Co'</b>` }, { clock });
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

test("it says what is to be paid, and runs nothing", async () => {
  const { url } = await waiting({ returnUrl: RETURN });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sandbox\/pay\/[\w-]{64}$/);
  const { status, headers, text } = await read(url);
  expect(status).toBe(200);
  expect(text).toContain("<dd>1234.50 EUR</dd>");
  expect(text).toContain("<dd>1042</dd>");
  expect(text).toContain("<dd>&#60;b&#62;&#34;Tea&#34; &#38; &#39;Co&#39;&#60;/b&#62;</dd>");
  expect(text.match(/<button/g)).toHaveLength(2);
  expect(text).not.toMatch(/<script|<b>|onclick|https?:/);
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' https:\/\/shop\.example; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(headers.get("cache-control")).toBe("no-store, private");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test.each([
  ["JPY", 1234n, "1234 JPY"],
  ["KWD", 1234n, "1.234 KWD"],
])("amounts in %s", async (currency, amount, text) => {
  const { url } = await waiting({ currency, amount });
  expect((await read(url)).text).toContain(`<dd>${text}</dd>`);
});

test.each([
  ["confirm", "SUCCEEDED", "Payment confirmed"],
  ["refuse", "FAILED", "Payment refused"],
] as const)("%s: done, once, and the buyer goes back to the shop", async (decision, status, title) => {
  const { ask, outcome, url } = await waiting({ returnUrl: RETURN });
  for (let press = 0; press < 2; press++) {
    const answer = await decideOnPage(outcome, decision);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(new URL(RETURN).href);
  }
  expect(await statusOf(ask)).toBe(status);
  const after = await read(url);
  expect(after).toMatchObject({ status: 200, text: expect.stringContaining(`<h1>${title}</h1>`) });
  expect(after.text).not.toContain("<button");
  expect(after.text).toContain(
    `<a class="back" href="${new URL(RETURN).href.replaceAll("&", "&#38;").replaceAll("'", "&#39;")}"`,
  );

  const other = await decideOnPage(outcome, decision === "confirm" ? "refuse" : "confirm");
  expect(other.status).toBe(409);
  expect(await other.text()).toContain(`<h1>${title}</h1>`);
  expect(await statusOf(ask)).toBe(status);
});

test("without a shop to go back to, the page itself says what happened", async () => {
  const { outcome, url } = await waiting();
  const answer = await decideOnPage(outcome, "confirm");
  expect(answer.status).toBe(303);
  expect(new URL(answer.headers.get("location") ?? "", url).href).toBe(url);
});

test("what the shop called off, or the buyer left too long, can't be confirmed any more", async () => {
  const [off, late] = [await waiting(), await waiting()];
  await sandbox.cancel(lookUpOf(off.ask, null));
  clock.advance(HOUR);
  for (const [{ ask, outcome, url }, title] of [
    [off, "Payment called off"],
    [late, "Payment expired"],
  ] as const) {
    expect((await read(url)).text).toContain(`<h1>${title}</h1>`);
    expect((await decideOnPage(outcome, "confirm")).status).toBe(409);
    expect(await statusOf(ask)).toBe("FAILED");
  }
});
