import { identify } from "../src/accounts";
import { DAY, MINUTE, SECOND } from "../src/platform/clock";
import { randomToken } from "../src/platform/vault";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { forgetSessions, heard, KEEPING_SESSIONS } from "./support/kept-sessions";
import { REFRESH, signIn, signUp, type Tokens } from "./support/sign-up";

const clock = movableClock();
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(KEEPING_SESSIONS, { clock });
});
afterAll(() => app.close());

const ME = "{ me { id sessions { id current device ip createdAt lastUsedAt } } }";
const NODE = "query($id: ID!) { node(id: $id) { id } }";
const refresh = async (refreshToken: string) =>
  (await app.ask(null, REFRESH, { input: { refreshToken } })).data.refreshSession;
const aDevice = async (device?: string) => signIn(app, { ...(await signUp(app)), device });
/** Whether an access token still opens the door. */
const works = async (accessToken: string) => (await app.ask(accessToken, "{ me { id } }")).status === 200;
const INVALID = {
  account: null,
  tokens: null,
  mfaToken: null,
  userErrors: [{ code: "INVALID_TOKEN", path: ["refreshToken"] }],
};
const events = (reason: string) =>
  app.db.outboxEvent.count({ where: { data: { path: ["reason"], equals: reason } } });

describe("access tokens", () => {
  test("work for fifteen minutes", async () => {
    const { accessToken, accessExpiresAt } = await aDevice();
    expect(Date.parse(accessExpiresAt) - clock.now().getTime()).toBeLessThanOrEqual(15 * MINUTE);
    expect(await works(accessToken)).toBe(true);
    clock.advance(15 * MINUTE);
    const { status, codes, data } = await app.ask(accessToken, "{ __typename }");
    expect([status, codes, data]).toEqual([401, ["UNAUTHENTICATED"], undefined]);
  });

  test.each(["x", "null", "x".repeat(43), "x".repeat(10_000), "eyJhbGciOiJub25lIn0.e30.", "\u00e9", "a b"])(
    "a forged one is 401 whatever is asked, %#",
    async (token) => {
      const { status, codes } = await app.ask(token, "{ __typename }");
      expect([status, codes]).toEqual([401, ["UNAUTHENTICATED"]]);
    },
  );

  test("a refresh token is none, and neither is a stored hash", async () => {
    const { refreshToken } = await aDevice();
    const { accessHash } = await app.db.session.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    expect(await works(refreshToken)).toBe(false);
    expect(await works(Buffer.from(accessHash).toString("base64url"))).toBe(false);
  });

  test("a disabled account's stops at the next request, and a new role counts from it", async () => {
    const { accessToken } = await aDevice();
    const viewer = await identify(app.platform, accessToken);
    const where = { id: viewer?.accountId ?? "" };
    await app.db.account.update({ where, data: { role: "ADMIN" } });
    await heard(app);
    expect((await identify(app.platform, accessToken))?.role).toBe("ADMIN");
    await app.db.account.update({ where, data: { status: "DISABLED" } });
    await heard(app);
    expect(await works(accessToken)).toBe(false);
  });

  test("who asks at the same moment shares look-ups, and is answered as himself", async () => {
    const devices = await Promise.all(Array.from({ length: 6 }, () => aDevice()));
    const own = async ({ accessToken }: Tokens) => (await app.ask(accessToken, "{ me { id } }")).data?.me.id;
    const ids: string[] = [];
    for (const device of devices) ids.push(await own(device));
    const tokens = [...devices, ...devices, { accessToken: randomToken() } as Tokens, ...devices];
    let answers: unknown[] = [];
    await forgetSessions(app);
    const statements = await countStatements(async () => {
      answers = await Promise.all(tokens.map(own));
    });
    expect(answers).toEqual([...ids, ...ids, undefined, ...ids]);
    expect(statements).toBeLessThan(tokens.length);
    expect(new Set(ids).size).toBe(devices.length);
  });

  test("ends at once, however many look-ups are on their way", async () => {
    const leaver = await aDevice();
    let over = false;
    const crowd = Array.from({ length: 20 }, async () => {
      while (!over) await works(leaver.accessToken);
    });
    await app.ask(leaver.accessToken, "mutation { logout }");
    const after = await Promise.all(Array.from({ length: 20 }, () => works(leaver.accessToken)));
    over = true;
    await Promise.all(crowd);
    expect(after).toEqual(after.map(() => false));
  });

  test("the time of last use is written once a minute at most", async () => {
    const { accessToken } = await aDevice();
    const lastUsedAt = async () => (await app.ask(accessToken, ME)).data.me.sessions[0].lastUsedAt as string;
    const first = await lastUsedAt();
    clock.advance(59 * SECOND);
    expect(await lastUsedAt()).toBe(first);
    clock.advance(2 * SECOND);
    expect(Date.parse(await lastUsedAt()) - Date.parse(first)).toBeGreaterThanOrEqual(61 * SECOND);
  });
});

describe("logout", () => {
  test("counts for what stands below it in the same document", async () => {
    const { accessToken } = await aDevice();
    const both = 'mutation { logout updateAccount(input: { name: "Eve" }) { account { name } } }';
    expect((await app.ask(accessToken, both)).codes).toEqual(["UNAUTHENTICATED"]);
    const { accessToken: other } = await aDevice();
    const cart = await app.ask(other, "mutation { logout createCart(input: {}) { cart { email } } }");
    expect(cart.data).toEqual({ logout: true, createCart: { cart: { email: null } } });
  });

  test("ends this device at once, refresh token and all, and no other", async () => {
    const person = await signUp(app);
    const [phone, laptop] = [await signIn(app, person), await signIn(app, person)];
    expect((await app.ask(phone.accessToken, "mutation { logout }")).data).toEqual({ logout: true });
    expect([await works(phone.accessToken), await works(laptop.accessToken)]).toEqual([false, true]);
    expect(await refresh(phone.refreshToken)).toEqual(INVALID);
    expect((await app.ask(phone.accessToken, "mutation { logout }")).status).toBe(401);
  });

  test("needs somebody to sign out", async () => {
    const { status, codes } = await app.ask(null, "mutation { logout }");
    expect([status, codes]).toEqual([200, ["UNAUTHENTICATED"]]);
  });
});

describe("revokeSessions", () => {
  const REVOKE = `mutation($input: RevokeSessionsInput!) { revokeSessions(input: $input) { revokedCount userErrors { code path } } }`;
  const revoke = async (accessToken: string, input: object) =>
    (await app.ask(accessToken, REVOKE, { input })).data.revokeSessions;
  const idOf = async (accessToken: string): Promise<string> =>
    (await app.ask(accessToken, ME)).data.me.sessions.find(({ current }: { current: boolean }) => current).id;
  const done = (revokedCount: number) => ({ revokedCount, userErrors: [] });
  const notFound = (place: string) => ({
    revokedCount: null,
    userErrors: [{ code: "NOT_FOUND", path: ["ids", place] }],
  });
  async function devices(count: number) {
    const person = await signUp(app);
    const signedIn = [];
    for (let one = 0; one < count; one++) signedIn.push(await signIn(app, person));
    return signedIn as Tokens[] as [Tokens, Tokens, Tokens];
  }
  const work = async (all: Tokens[]) => {
    await heard(app);
    return Promise.all(all.map(({ accessToken }) => works(accessToken)));
  };

  test("ends those that are named at once, refresh token and all; again is no mistake", async () => {
    const all = await devices(3);
    const before = await events("REVOKED");
    const ids = [await idOf(all[1].accessToken)];
    expect(await revoke(all[0].accessToken, { ids })).toEqual(done(1));
    expect(await work(all)).toEqual([true, false, true]);
    expect(await refresh(all[1].refreshToken)).toEqual(INVALID);
    expect(await revoke(all[0].accessToken, { ids: [...ids, ...ids] })).toEqual(done(0));
    expect((await events("REVOKED")) - before).toBe(1);
  });

  test("ends all but this one", async () => {
    const all = await devices(3);
    expect(await revoke(all[0].accessToken, { others: true })).toEqual(done(2));
    expect(await work(all)).toEqual([true, false, false]);
    expect(await revoke(all[0].accessToken, {})).toEqual(done(0));
    expect(await revoke(all[0].accessToken, { ids: null, others: null })).toEqual(done(0));
  });

  test("this one, too, when it is named; what stands below it in the document comes from nobody", async () => {
    const all = await devices(2);
    const document = `mutation($input: RevokeSessionsInput!) { revokeSessions(input: $input) { revokedCount } updateAccount(input: { name: "Eve" }) { account { name } } }`;
    const input = { ids: [await idOf(all[0].accessToken)], others: true };
    expect((await app.ask(all[0].accessToken, document, { input })).codes).toEqual(["UNAUTHENTICATED"]);
    expect(await work(all)).toEqual([false, false]);
  });

  test("a foreign one is not there, and nothing is done", async () => {
    const [mine, theirs] = [await devices(2), await devices(1)];
    const ids = [await idOf(mine[1].accessToken), await idOf(theirs[0].accessToken)];
    expect(await revoke(mine[0].accessToken, { ids, others: true })).toEqual(notFound("1"));
    for (const id of [
      "",
      "sess_",
      "\0",
      await idOf(mine[1].accessToken).then((one) => one.replace("sess", "acct")),
    ])
      expect(await revoke(mine[0].accessToken, { ids: [id] })).toEqual(notFound("0"));
    expect(await work([...mine.slice(0, 2), ...theirs])).toEqual([true, true, true]);
  });

  test("of a hundred and one nothing is looked up", async () => {
    const [one] = await devices(1);
    const ids = Array(101).fill(await idOf(one.accessToken));
    const { codes } = await app.ask(one.accessToken, REVOKE, { input: { ids } });
    expect(codes).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("sessions", () => {
  test("are listed to their owner with device and address, which are stored sealed", async () => {
    const person = await signUp(app);
    const phone = await signIn(app, { ...person, device: "Ann's canary phone\0 " });
    const laptop = await signIn(app, { ...person, device: "x".repeat(10_000) });
    const { data } = await app.ask(phone.accessToken, ME);
    const shown = data.me.sessions.map(
      ({ current, device, ip }: { current: boolean; device: string; ip: string }) => [current, device, ip],
    );
    expect(shown).toHaveLength(2);
    expect(shown).toContainEqual([true, "Ann's canary phone", "127.0.0.1"]);
    expect(shown).toContainEqual([false, "x".repeat(200), "127.0.0.1"]);
    const rows = await app.db.session.findMany();
    expect(rows.some((row) => Buffer.from(row.deviceCipher ?? []).includes("canary"))).toBe(false);
    expect(await works(laptop.accessToken)).toBe(true);
  });

  test("are nobody else's, staff included", async () => {
    const [ann, staff] = [await aDevice(), await aDevice()];
    const viewer = await identify(app.platform, staff.accessToken);
    await app.db.account.update({ where: { id: viewer?.accountId ?? "" }, data: { role: "STAFF" } });
    await heard(app);
    const { data } = await app.ask(ann.accessToken, ME);
    const [session] = data.me.sessions;
    const node = async (token: string | null, id: string) =>
      (await app.ask(token, NODE, { id })).data.node?.id ?? null;
    expect(await node(ann.accessToken, session.id)).toBe(session.id);
    expect([await node(staff.accessToken, session.id), await node(null, session.id)]).toEqual([null, null]);
    expect([await node(staff.accessToken, ann.id), await node(null, ann.id)]).toEqual([ann.id, null]);
    const document = "query($id: ID!) { node(id: $id) { ... on Account { email sessions { id } } } }";
    expect((await app.ask(staff.accessToken, document, { id: ann.id })).codes).toEqual(["FORBIDDEN"]);
  });

  test("one that ended is not listed", async () => {
    const person = await signUp(app);
    const [old, now] = [await signIn(app, person), await signIn(app, person)];
    await app.ask(old.accessToken, "mutation { logout }");
    expect((await app.ask(now.accessToken, ME)).data.me.sessions).toHaveLength(1);
  });
});

describe("refreshSession", () => {
  test("exchanges a pair for the next, which alone works from then on", async () => {
    const first = await aDevice();
    const { account, tokens, userErrors } = await refresh(first.refreshToken);
    expect([account.id, userErrors]).toEqual([first.id, []]);
    expect([await works(first.accessToken), await works(tokens.accessToken)]).toEqual([false, true]);
    const { tokens: third } = await refresh(tokens.refreshToken);
    expect(new Set([first.refreshToken, tokens.refreshToken, third.refreshToken]).size).toBe(3);
  });

  test("fifty at once with one token: one successor, which is the only live one", async () => {
    const { refreshToken } = await aDevice();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)));
    const pairs = new Set(answers.map(({ tokens }) => JSON.stringify(tokens)));
    expect([pairs.size, answers.every(({ userErrors }) => userErrors.length === 0)]).toEqual([1, true]);
    const { sessionId } = await app.db.refreshToken.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    expect(await app.db.refreshToken.count({ where: { sessionId, usedAt: null } })).toBe(1);
    expect(await works(answers[0].tokens.accessToken)).toBe(true);
  });

  test("a retry within ten seconds gets the lost answer again", async () => {
    const { refreshToken } = await aDevice();
    const { tokens } = await refresh(refreshToken);
    clock.advance(9 * SECOND);
    expect((await refresh(refreshToken)).tokens).toEqual(tokens);
    expect(await works(tokens.accessToken)).toBe(true);
  });

  test.each([
    ["later than that", async () => clock.advance(11 * SECOND)],
    ["once the successor was used", async ({ refreshToken }: Tokens) => refresh(refreshToken)],
  ])("a second use %s is theft: the session ends, for thief and owner", async (_when, between) => {
    const { refreshToken } = await aDevice();
    const { tokens } = await refresh(refreshToken);
    await between(tokens);
    const before = await events("REFRESH_REUSE");
    expect(await refresh(refreshToken)).toEqual(INVALID);
    expect(await refresh(refreshToken)).toEqual(INVALID);
    expect([await refresh(tokens.refreshToken), await works(tokens.accessToken)]).toEqual([INVALID, false]);
    expect((await events("REFRESH_REUSE")) - before).toBe(1);
  });

  test("the ten seconds revive no session that was logged out", async () => {
    const { refreshToken } = await aDevice();
    const { tokens } = await refresh(refreshToken);
    await app.ask(tokens.accessToken, "mutation { logout }");
    expect([await refresh(refreshToken), await refresh(tokens.refreshToken)]).toEqual([INVALID, INVALID]);
  });

  test("a session ends thirty days after its last use, accusing nobody", async () => {
    const { refreshToken, refreshExpiresAt } = await aDevice();
    expect(Date.parse(refreshExpiresAt) - clock.now().getTime()).toBeLessThanOrEqual(30 * DAY);
    const before = await events("REFRESH_REUSE");
    clock.advance(30 * DAY);
    expect(await refresh(refreshToken)).toEqual(INVALID);
    expect(await events("REFRESH_REUSE")).toBe(before);
  });

  test("a session ends ninety days after it began, however much it was used", async () => {
    let { refreshToken } = await aDevice();
    const end = clock.now().getTime() + 90 * DAY;
    for (const days of [29, 29, 29]) {
      clock.advance(days * DAY);
      const { tokens } = await refresh(refreshToken);
      refreshToken = tokens.refreshToken;
      expect(Date.parse(tokens.refreshExpiresAt)).toBeLessThanOrEqual(end);
    }
    clock.advance(3 * DAY);
    expect(await refresh(refreshToken)).toEqual(INVALID);
  });

  test("a disabled account's is refused", async () => {
    const { accessToken, refreshToken } = await aDevice();
    const viewer = await identify(app.platform, accessToken);
    await app.db.account.update({ where: { id: viewer?.accountId ?? "" }, data: { status: "DISABLED" } });
    expect(await refresh(refreshToken)).toEqual(INVALID);
  });

  test.each(["", "x", "nul\0", "x".repeat(50_000), "\ud800"])(
    "refuses what never was one, %#",
    async (token) => {
      expect(await refresh(token)).toEqual(INVALID);
    },
  );
});

test("the database holds no token that works", async () => {
  const { accessToken, refreshToken } = await aDevice();
  const { tokens } = await refresh(refreshToken);
  const stored = JSON.stringify(
    [
      await app.db.session.findMany(),
      await app.db.refreshToken.findMany(),
      await app.db.outboxEvent.findMany(),
    ],
    (_key, value) =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString("base64url")
        : typeof value === "bigint"
          ? String(value)
          : value,
  );
  for (const secret of [accessToken, refreshToken, tokens.accessToken, tokens.refreshToken])
    expect(stored).not.toContain(secret);
});
