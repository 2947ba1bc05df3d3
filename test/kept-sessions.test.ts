import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { readId } from "../src/platform/ids";
import { randomToken } from "../src/platform/vault";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, unique } from "./support/builders";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { KEEPING_SESSIONS } from "./support/kept-sessions";
import { aPerson, type Person } from "./support/person";
import { type SecondApp, startSecondApp } from "./support/second-app";
import { GOOD_PASSWORD, LOGIN, REFRESH } from "./support/sign-up";

jest.setTimeout(30_000);

type Server = TestApp | SecondApp;
const clock = movableClock();
let app: TestApp;
let other: SecondApp;
beforeAll(async () => {
  app = await startTestApp({ ...KEEPING_SESSIONS, THROTTLE: "off" }, { clock });
  other = await startSecondApp(app);
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const ME = "{ me { id } }";
/** Longer than a notification ever takes here, shorter than what is kept lives. */
const SOON_MS = 1_000;
const statusOf = async (server: Server, token: string) => (await server.ask(token, ME)).status;
const lookUps = (work: () => Promise<unknown>) => countStatements(work, /access_hash = ANY/);

/** Asks until the server looks the session up no more: it keeps none before it hears of changes. */
async function untilKept(server: Server, token: string) {
  for (let waited = 0; waited < 5_000; waited += 20) {
    const asked = await lookUps(async () => expect(await statusOf(server, token)).toBe(200));
    if (asked === 0) return;
    await wait(20);
  }
  throw new Error("The session is not kept");
}
const keptByBoth = async (token: string) => {
  await untilKept(app, token);
  await untilKept(other, token);
};

/** Asks a server until `is` says so. */
async function soon(is: () => Promise<boolean>, limit = SOON_MS) {
  const from = performance.now();
  while (!(await is())) {
    if (performance.now() - from > limit) throw new Error(`Not within ${limit} ms`);
    await wait(1);
  }
}
const refusedSoon = (server: Server, token: string, limit?: number) =>
  soon(async () => (await statusOf(server, token)) === 401, limit);

const idOf = ({ accountId }: Person) => readId("acct", accountId) ?? "";
const sessionIdOf = ({ sessionId }: Person) => readId("sess", sessionId) ?? "";
const refresh = (server: Server, refreshToken: string) =>
  server.ask(null, REFRESH, { input: { refreshToken } });

test("a session is looked up once, however often it asks", async () => {
  const { token } = await aPerson(app);
  await untilKept(app, token);
  const asking = () => Promise.all(Array.from({ length: 20 }, () => statusOf(app, token)));
  expect(await lookUps(asking)).toBe(0);
});

test("a token that is nobody's, or has expired, is looked up each time", async () => {
  const { token } = await aPerson(app);
  await untilKept(app, token);
  clock.advance(15 * 60_000);
  for (const dead of [token, randomToken()])
    for (let time = 1; time <= 3; time++)
      expect(await lookUps(async () => expect(await statusOf(app, dead)).toBe(401))).toBe(1);
});

describe("what ends a session on one server ends it there at once, and on another as soon as that has heard", () => {
  test.each<[string, (one: Person) => Promise<unknown>]>([
    ["a logout", ({ token }) => app.ask(token, "mutation { logout }")],
    [
      "a logout in a fragment",
      ({ token }) => app.ask(token, "mutation { ...F } fragment F on Mutation { logout }"),
    ],
    ["a refresh, for the token before it", ({ refreshToken }) => refresh(app, refreshToken)],
  ])("%s", async (_what, end) => {
    for (let round = 1; round <= 5; round++) {
      const one = await aPerson(app);
      await keptByBoth(one.token);
      await end(one);
      expect(await statusOf(app, one.token)).toBe(401);
      await refusedSoon(other, one.token);
    }
  });

  test("a refresh token's second use", async () => {
    const { refreshToken } = await aPerson(app);
    const { accessToken } = (await refresh(app, refreshToken)).data.refreshSession.tokens;
    await keptByBoth(accessToken);
    clock.advance(11_000);
    expect((await refresh(app, refreshToken)).data.refreshSession.userErrors).toHaveLength(1);
    expect(await statusOf(app, accessToken)).toBe(401);
    await refusedSoon(other, accessToken);
  });
});

describe("what is written to the database by hand counts as soon as servers have heard", () => {
  test.each<[string, (one: Person) => Promise<unknown>]>([
    [
      "a revoked session",
      (one) => app.db.session.update({ where: { id: sessionIdOf(one) }, data: { revokedAt: clock.now() } }),
    ],
    [
      "a session that ends earlier",
      (one) =>
        app.db.session.update({ where: { id: sessionIdOf(one) }, data: { accessExpiresAt: clock.now() } }),
    ],
    ["a session that is deleted", (one) => app.db.session.delete({ where: { id: sessionIdOf(one) } })],
    [
      "a disabled account",
      (one) => app.db.account.update({ where: { id: idOf(one) }, data: { status: "DISABLED" } }),
    ],
  ])("%s", async (_what, end) => {
    const one = await aPerson(app);
    await keptByBoth(one.token);
    await end(one);
    await refusedSoon(app, one.token);
    await refusedSoon(other, one.token);
  });

  test("a role, given and taken away", async () => {
    await aProduct(app.db);
    const one = await aPerson(app);
    const mayReadStock = async (server: Server) => {
      const { codes } = await server.ask(one.token, "{ products { nodes { variants { stock } } } }");
      return !codes.includes("FORBIDDEN");
    };
    for (const [role, may] of [
      ["STAFF", true],
      ["CUSTOMER", false],
    ] as const) {
      await keptByBoth(one.token);
      await app.db.account.update({ where: { id: idOf(one) }, data: { role } });
      await soon(async () => (await mayReadStock(app)) === may);
      await soon(async () => (await mayReadStock(other)) === may);
    }
  });
});

test("the time of last use is written once a minute, kept or not", async () => {
  const one = await aPerson(app);
  const usedAt = async () =>
    (await app.db.session.findUniqueOrThrow({ where: { id: sessionIdOf(one) } })).lastUsedAt.getTime();
  const first = await usedAt();
  await untilKept(app, one.token);
  clock.advance(61_000);
  expect(await statusOf(app, one.token)).toBe(200);
  expect((await usedAt()) - first).toBeGreaterThanOrEqual(61_000);
  expect(await lookUps(() => statusOf(app, one.token))).toBe(0);
});

const isDeaf = ({ platform }: Server) => soon(async () => !platform.notifications.listening());

test("while a server hears of no changes it keeps no session, and keeps them again when it does", async () => {
  for (let round = 1; round <= 3; round++) {
    const one = await aPerson(app);
    await keptByBoth(one.token);
    await app.db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'tillgraph notifications' AND datname = current_database()`;
    await Promise.all([app, other].map(isDeaf));
    await app.db.session.update({ where: { id: sessionIdOf(one) }, data: { revokedAt: clock.now() } });
    expect([await statusOf(app, one.token), await statusOf(other, one.token)]).toEqual([401, 401]);
  }
  await keptByBoth((await aPerson(app)).token);
});

test("no news for a while: the server that ends a session still refuses it at once, another within five seconds", async () => {
  const one = await aPerson(app);
  await keptByBoth(one.token);
  const lines = await app.db.$queryRaw<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity
    WHERE application_name = 'tillgraph notifications' AND datname = current_database()`;
  expect(lines).toHaveLength(2);
  for (const { pid } of lines) process.kill(pid, "SIGSTOP");
  try {
    await app.ask(one.token, "mutation { logout }");
    expect(await statusOf(app, one.token)).toBe(401);
    await refusedSoon(other, one.token, 5_000);
  } finally {
    for (const { pid } of lines) process.kill(pid, "SIGCONT");
  }
  await keptByBoth((await aPerson(app)).token);
});

test("nothing is told of a login, of a session's use, of other news about an account; of many sessions once", async () => {
  const one = await aPerson(app);
  const listener = new pg.Client({ connectionString: app.database.url });
  await listener.connect();
  const told: (string | undefined)[] = [];
  listener.on("notification", ({ payload }) => told.push(payload));
  await listener.query("LISTEN sessions_changed");
  try {
    const NAME = 'mutation { updateAccount(input: { name: "Bea" }) { account { name } } }';
    await app.ask(null, LOGIN, { input: { email: one.email, password: GOOD_PASSWORD, device: unique() } });
    expect((await app.ask(one.token, NAME)).errors).toEqual([]);
    await app.db.session.updateMany({ data: { lastUsedAt: clock.now() } });
    await listener.query("SELECT");
    expect(told).toEqual([]);
    await app.db.session.updateMany({ data: { revokedAt: clock.now() } });
    await listener.query("SELECT");
    expect(told).toEqual([""]);
  } finally {
    await listener.end();
  }
});

test("one refresh token used fifty times at once on two servers has one successor", async () => {
  const { refreshToken } = await aPerson(app);
  const asks = Array.from({ length: 50 }, (_, n) => refresh(n % 2 === 0 ? app : other, refreshToken));
  const answers = (await Promise.all(asks)).map(({ data }) => data.refreshSession);
  expect(new Set(answers.map(({ tokens }) => JSON.stringify(tokens))).size).toBe(1);
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  expect(await statusOf(other, answers[0].tokens.accessToken)).toBe(200);
});

test("a stolen refresh token ends the session for a server that starts afterwards, too", async () => {
  const { refreshToken } = await aPerson(app);
  const { tokens } = (await refresh(app, refreshToken)).data.refreshSession;
  clock.advance(11_000); // no retry of a lost answer any more
  const restarted = await startSecondApp(app);
  try {
    for (const token of [refreshToken, refreshToken, tokens.refreshToken])
      expect((await refresh(restarted, token)).data.refreshSession.tokens).toBeNull();
    expect(await statusOf(restarted, tokens.accessToken)).toBe(401);
  } finally {
    await restarted.close();
  }
});

test.each([
  ["0", 3],
  ["1", 2],
])("SESSION_CACHE=%s keeps so many", async (SESSION_CACHE, asked) => {
  const few = await startTestApp({ SESSION_CACHE });
  try {
    const [one, two] = [await aPerson(few), await aPerson(few)];
    if (SESSION_CACHE === "1") await untilKept(few, two.token);
    else await statusOf(few, two.token);
    const asking = async () => {
      for (const { token } of [two, one, two]) expect(await statusOf(few, token)).toBe(200);
    };
    expect(await lookUps(asking)).toBe(asked);
  } finally {
    await few.close();
  }
});
