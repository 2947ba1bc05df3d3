import { setTimeout as wait } from "node:timers/promises";
import { hashPassword } from "../src/accounts/password-hash";
import { HOUR, MINUTE } from "../src/platform/clock";
import { hashToken } from "../src/platform/vault";
import { codeIn, takeMailsTo } from "./support/account-mails";
import { type Answer, startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { holdTable } from "./support/hold-table";
import { heard, KEEPING_SESSIONS } from "./support/kept-sessions";
import { GOOD_PASSWORD, LOGIN, REFRESH, signIn, signUp } from "./support/sign-up";

const clock = movableClock({ stands: true });
const FAILED_LOGINS = 20;
let app: TestApp;
beforeAll(async () => {
  const settings = { TRUST_PROXY: "1", FAILED_LOGINS: String(FAILED_LOGINS) };
  app = await startTestApp({ ...KEEPING_SESSIONS, ...settings }, { clock });
});
beforeEach(() => clock.advance(HOUR)); // nobody has asked for anything lately
afterAll(() => app.close());

const NEW_PASSWORD = "another-fine-passphrase";
const SESSION =
  "account { email emailVerified sessions { current device } } tokens { accessToken refreshToken } userErrors { code path }";
const VERIFY = `mutation($input: VerifyEmailInput!) { verifyEmail(input: $input) { ${SESSION} } }`;
const REQUEST =
  "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { accepted userErrors { code path } } }";
const RESET =
  "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { accepted userErrors { code path } } }";
const CHANGE = `mutation($input: ChangePasswordInput!) { changePassword(input: $input) { ${SESSION} } }`;

let networks = 0;
/** An address of a /24 that nobody else has. */
const elsewhere = () => ({ "x-forwarded-for": `10.${++networks >> 8}.${networks & 255}.1` });
const verify = async (token: string) => (await app.ask(null, VERIFY, { input: { token } })).data.verifyEmail;
const request = (email: string, headers = elsewhere()) =>
  app.ask(null, REQUEST, { input: { email } }, headers);
const reset = async (token: string, password = NEW_PASSWORD, headers = {}) =>
  (await app.ask(null, RESET, { input: { token, password } }, headers)).data.resetPassword;
const change = async (accessToken: string, currentPassword: string, newPassword = NEW_PASSWORD) =>
  app.ask(accessToken, CHANGE, { input: { currentPassword, newPassword } });
const logIn = (email: string, password: string, headers = {}) =>
  app.ask(null, LOGIN, { input: { email, password } }, headers);
const isIn = ({ data }: Answer) => data?.login.tokens != null;
const works = async (accessToken: string) => (await app.ask(accessToken, "{ me { id } }")).status === 200;
const refreshes = async (refreshToken: string) =>
  (await app.ask(null, REFRESH, { input: { refreshToken } })).data.refreshSession.tokens !== null;
const refused = (code: string, ...path: string[]) => ({ userErrors: [{ code, path }] });
/** Somebody who has asked for a new password, and the code that was mailed. */
async function someoneWithACode() {
  const person = await signUp(app);
  await takeMailsTo(app, person.email);
  await request(person.email);
  const [mail] = await takeMailsTo(app, person.email);
  return { ...person, code: codeIn(mail) };
}

describe("verifyEmail", () => {
  test("confirms the address with the code that was mailed, signs in, and works once", async () => {
    const person = await signUp(app);
    const [mail] = await takeMailsTo(app, person.email);
    const { account, tokens } = await verify(codeIn(mail));
    expect(account).toEqual({
      email: person.email,
      emailVerified: true,
      sessions: [{ current: true, device: null }],
    });
    expect(await works(tokens.accessToken)).toBe(true);
    expect(await verify(codeIn(mail))).toMatchObject({ account: null, ...refused("INVALID_TOKEN", "token") });
  });

  test("twenty times at once: one signs in", async () => {
    const person = await signUp(app);
    const [mail] = await takeMailsTo(app, person.email);
    const all = await Promise.all(Array.from({ length: 20 }, () => verify(codeIn(mail))));
    expect(all.filter(({ tokens }) => tokens)).toHaveLength(1);
  });

  test("a code works for two days, not for a disabled account, and for nothing else", async () => {
    const [late, disabled, other] = [await signUp(app), await signUp(app), await someoneWithACode()];
    const [mail] = await takeMailsTo(app, disabled.email);
    const [lateMail] = await takeMailsTo(app, late.email);
    await app.db.account.updateMany({ data: { status: "DISABLED" }, where: { id: await idOf(disabled) } });
    expect(await verify(codeIn(mail))).toMatchObject(refused("INVALID_TOKEN", "token"));
    expect(await verify(other.code)).toMatchObject(refused("INVALID_TOKEN", "token"));
    clock.advance(48 * HOUR);
    for (const token of [codeIn(lateMail), "", "null", "\0", "x".repeat(10_000)])
      expect(await verify(token)).toMatchObject(refused("INVALID_TOKEN", "token"));
  });
});

/** The account's uuid, without a session of its own. */
async function idOf({ email }: { email: string }) {
  const index = app.platform.vault.blindIndex("email", email);
  return (await app.db.account.findUniqueOrThrow({ where: { emailIndex: index }, select: { id: true } })).id;
}

describe("resetPassword", () => {
  test("gives whoever has the code another password: all devices are signed out, none in, and the owner is told", async () => {
    const person = await someoneWithACode();
    const [phone, laptop] = [await signIn(app, person), await signIn(app, person)];
    expect(await reset(person.code)).toEqual({ accepted: true, userErrors: [] });
    await heard(app);
    for (const { accessToken, refreshToken } of [phone, laptop])
      expect([await works(accessToken), await refreshes(refreshToken)]).toEqual([false, false]);
    expect(isIn(await logIn(person.email, GOOD_PASSWORD))).toBe(false);
    const answer = await logIn(person.email, NEW_PASSWORD);
    expect(isIn(answer)).toBe(true);
    const { data } = await app.ask(answer.data.login.tokens.accessToken, "{ me { emailVerified } }");
    expect(data.me.emailVerified).toBe(true); // the mailbox is his
    const [mail] = await takeMailsTo(app, person.email);
    expect(mail?.subject).toContain("password has been changed");
    const stored = await app.db.oneTimeToken.findMany();
    expect(stored.map(({ hash }) => Buffer.from(hash).toString("latin1")).join()).not.toContain(person.code);
    expect(stored.some(({ hash }) => Buffer.from(hashToken(person.code)).equals(hash))).toBe(true);
  });

  test("twenty times at once: one succeeds, the others are told what a wrong code is told", async () => {
    const { code, email } = await someoneWithACode();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, one) => reset(code, `${NEW_PASSWORD}-${one}`)),
    );
    const winner = all.findIndex(({ accepted }) => accepted);
    expect(all.filter(({ accepted }) => accepted)).toHaveLength(1);
    const wrong = await reset("x".repeat(43));
    for (const [place, answer] of all.entries()) if (place !== winner) expect(answer).toEqual(wrong);
    expect(isIn(await logIn(email, `${NEW_PASSWORD}-${winner}`))).toBe(true);
  });

  test("a code works for half an hour, and not after another of the same account was used", async () => {
    const person = await someoneWithACode();
    await request(person.email);
    const [second] = await takeMailsTo(app, person.email);
    const late = await someoneWithACode();
    expect(await reset(person.code)).toMatchObject({ accepted: true });
    expect(await reset(codeIn(second))).toMatchObject(refused("INVALID_TOKEN", "token"));
    clock.advance(30 * MINUTE);
    expect(await reset(late.code)).toMatchObject(refused("INVALID_TOKEN", "token"));
  });

  test("a password that is refused leaves the code as it is", async () => {
    const { code } = await someoneWithACode();
    expect(await reset(code, "short")).toMatchObject(refused("PASSWORD_TOO_SHORT", "password"));
    expect(await reset(code, "password123456789")).toMatchObject(refused("PASSWORD_TOO_COMMON", "password"));
    expect(await reset(code)).toMatchObject({ accepted: true });
  });

  test("its owner gets in where he is, though guesses had shut the account and the shop's logins; whoever was signed in elsewhere is known there no more", async () => {
    const [person, here, thief] = [await someoneWithACode(), elsewhere(), elsewhere()];
    await logIn(person.email, GOOD_PASSWORD, thief);
    for (let one = 0; one < 6; one++) await logIn(person.email, "not-the-passphrase", elsewhere());
    for (let one = 0; one < FAILED_LOGINS; one++)
      await logIn(`${unique()}@example.test`, "not-the-passphrase", elsewhere());
    expect((await logIn(person.email, GOOD_PASSWORD, here)).codes).toEqual(["RATE_LIMITED"]);
    await reset(person.code, NEW_PASSWORD, here);
    expect(isIn(await logIn(person.email, NEW_PASSWORD, here))).toBe(true);
    expect((await logIn(person.email, NEW_PASSWORD, thief)).codes).toEqual(["RATE_LIMITED"]);
  });

  test("no code that was mailed before works any more, to confirm the address neither; the same after a change", async () => {
    const [ann, ben] = [await signUp(app), await signUp(app)];
    const [toAnn] = await takeMailsTo(app, ann.email);
    const [toBen] = await takeMailsTo(app, ben.email);
    await request(ann.email);
    const [mail] = await takeMailsTo(app, ann.email);
    expect(await reset(codeIn(mail))).toMatchObject({ accepted: true });
    await change((await signIn(app, ben)).accessToken, GOOD_PASSWORD);
    for (const before of [toAnn, toBen])
      expect(await verify(codeIn(before))).toMatchObject(refused("INVALID_TOKEN", "token"));
  });

  test("a code to confirm the address that is used at the same time leaves no session", async () => {
    const person = await signUp(app);
    const [first] = await takeMailsTo(app, person.email);
    await app.db.account.update({
      where: { id: await idOf(person) },
      data: { emailVerifiedAt: clock.now() },
    });
    await request(person.email);
    const [mail] = await takeMailsTo(app, person.email);
    const table = await holdTable(app.database, "known_networks");
    const verified = verify(codeIn(first));
    while ((await lockWaits()) < 1) await wait(10); // its session is begun, and nobody sees it yet
    const done = reset(codeIn(mail));
    while ((await lockWaits()) < 2) await wait(10);
    await table.release();
    expect((await done).accepted).toBe(true);
    const { accessToken } = (await verified).tokens;
    await heard(app);
    expect(await works(accessToken)).toBe(false);
  });

  test("a login that knew the old password and comes a moment later has no session", async () => {
    const person = await someoneWithACode();
    const { passwords } = app.platform.services;
    const { compare } = passwords;
    const slow = jest.spyOn(passwords, "compare").mockImplementationOnce(async (...of) => {
      const right = await compare(...of);
      await reset(person.code); // after the old one was found right, before the session begins
      return right;
    });
    const answer = await logIn(person.email, GOOD_PASSWORD);
    slow.mockRestore();
    expect([isIn(answer), answer.data.login.userErrors[0].code]).toEqual([false, "INVALID_CREDENTIALS"]);
    expect(await app.db.session.count({ where: { accountId: await idOf(person) } })).toBe(0);
  });
});

/** How many of the server's statements wait for somebody else's lock. */
async function lockWaits() {
  const [waits] = await app.db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return Number(waits?.count);
}

describe("requestPasswordReset", () => {
  test("a hundred for one address and for a hundred answer alike, whoever has one; two are mailed, and one more when they are over", async () => {
    const person = await signUp(app);
    await takeMailsTo(app, person.email);
    const emails = Array.from({ length: 100 }, (_, one) =>
      one % 2 ? `${unique()}@example.test` : person.email,
    );
    const bodies = new Set<string>();
    for (const email of emails) {
      const { status, data } = await request(email);
      bodies.add(JSON.stringify([status, data]));
    }
    expect([...bodies]).toEqual([
      JSON.stringify([200, { requestPasswordReset: { accepted: true, userErrors: [] } }]),
    ]);
    expect(await takeMailsTo(app, person.email)).toHaveLength(2);
    clock.advance(30 * MINUTE); // the codes are over
    for (let one = 0; one < 3; one++) await request(person.email.toUpperCase());
    expect(await takeMailsTo(app, person.email)).toHaveLength(1);
  });

  test("costs as many statements for an address that nobody has", async () => {
    const person = await signUp(app);
    await request(person.email); // what is prepared once is
    const known = await countStatements(() => request(person.email));
    expect(await countStatements(() => request(`${unique()}@example.test`))).toBe(known);
  });

  test("thirty in a quarter of an hour from one network; others go on", async () => {
    const here = elsewhere();
    const statuses = [];
    for (let one = 0; one < 31; one++)
      statuses.push((await request(`${unique()}@example.test`, here)).status);
    expect(statuses).toEqual([...Array(30).fill(200), 429]);
    expect((await request(`${unique()}@example.test`)).status).toBe(200);
  });

  test("a disabled account is mailed nothing, and what is no address is refused", async () => {
    const person = await signUp(app);
    await takeMailsTo(app, person.email);
    await app.db.account.updateMany({ data: { status: "DISABLED" }, where: { id: await idOf(person) } });
    expect((await request(person.email)).data.requestPasswordReset.accepted).toBe(true);
    expect(await takeMailsTo(app, person.email)).toEqual([]);
    expect((await request("two@at@example.test")).data.requestPasswordReset).toEqual({
      accepted: null,
      ...refused("EMAIL_INVALID", "email"),
    });
  });
});

describe("changePassword", () => {
  test("signs every other device out at once and this one in anew, under its name; the owner is told", async () => {
    const person = await signUp(app);
    await takeMailsTo(app, person.email);
    const phone = await signIn(app, { ...person, device: "Ann's phone" });
    const laptop = await signIn(app, person);
    const { changePassword: done } = (await change(phone.accessToken, GOOD_PASSWORD)).data;
    expect(done).toMatchObject({
      account: { email: person.email, sessions: [{ current: true, device: "Ann's phone" }] },
      userErrors: [],
    });
    await heard(app);
    expect(await works(done.tokens.accessToken)).toBe(true);
    for (const { accessToken, refreshToken } of [phone, laptop])
      expect([await works(accessToken), await refreshes(refreshToken)]).toEqual([false, false]);
    expect(isIn(await logIn(person.email, GOOD_PASSWORD))).toBe(false);
    expect(isIn(await logIn(person.email, NEW_PASSWORD))).toBe(true);
    expect((await takeMailsTo(app, person.email)).map(({ subject }) => subject)).toEqual([
      "Tillgraph: your password has been changed",
    ]);
  });

  test("whoever asks for more in the same document is signed in still", async () => {
    const { accessToken } = await signIn(app, await signUp(app));
    const document = `mutation($input: ChangePasswordInput!) {
      changePassword(input: $input) { tokens { accessToken } } updateAccount(input: { name: "Ann" }) { account { name } } }`;
    const input = { currentPassword: GOOD_PASSWORD, newPassword: NEW_PASSWORD };
    const { data } = await app.ask(accessToken, document, { input });
    expect(data.updateAccount.account.name).toBe("Ann");
    await heard(app);
    expect(await works(data.changePassword.tokens.accessToken)).toBe(true);
  });

  test("a present password that is hashed anew meanwhile is right all the same", async () => {
    const person = await signUp(app);
    const { accessToken } = await signIn(app, person);
    const { passwords } = app.platform.services;
    const { compare } = passwords;
    const passwordHash = await hashPassword(app.platform, GOOD_PASSWORD, null);
    const slow = jest.spyOn(passwords, "compare").mockImplementationOnce(async (...of) => {
      const right = await compare(...of);
      await app.db.account.update({ where: { id: await idOf(person) }, data: { passwordHash } });
      return right;
    });
    const { data } = await change(accessToken, GOOD_PASSWORD);
    slow.mockRestore();
    expect(data.changePassword.userErrors).toEqual([]);
    expect(isIn(await logIn(person.email, NEW_PASSWORD))).toBe(true);
  });

  test.each([
    ["not-the-passphrase", NEW_PASSWORD, refused("INVALID_CREDENTIALS", "currentPassword")],
    ["x".repeat(50_000), NEW_PASSWORD, refused("INVALID_CREDENTIALS", "currentPassword")],
    [GOOD_PASSWORD, GOOD_PASSWORD, refused("PASSWORD_UNCHANGED", "newPassword")],
    [GOOD_PASSWORD, "short", refused("PASSWORD_TOO_SHORT", "newPassword")],
    [GOOD_PASSWORD, "x".repeat(1_025), refused("PASSWORD_TOO_LONG", "newPassword")],
    [GOOD_PASSWORD, "password123456789", refused("PASSWORD_TOO_COMMON", "newPassword")],
  ])("is refused and changes nothing, %#", async (current, next, expected) => {
    const person = await signUp(app);
    const { accessToken } = await signIn(app, person);
    const { data } = await change(accessToken, current, next);
    expect(data.changePassword).toEqual({ account: null, tokens: null, ...expected });
    expect(await works(accessToken)).toBe(true);
    expect(isIn(await logIn(person.email, GOOD_PASSWORD))).toBe(true);
  });

  test("four at once with the same current password: one changes it", async () => {
    const person = await signUp(app);
    const devices = [];
    for (let one = 0; one < 4; one++) devices.push(await signIn(app, person));
    const answers = await Promise.all(
      devices.map(({ accessToken }, one) => change(accessToken, GOOD_PASSWORD, `${NEW_PASSWORD}-${one}`)),
    );
    const done = answers.map(({ data }) => data?.changePassword?.tokens != null);
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(isIn(await logIn(person.email, `${NEW_PASSWORD}-${done.indexOf(true)}`))).toBe(true);
  });

  test("whoever holds a stolen device has five guesses at the password", async () => {
    const person = await signUp(app);
    const { accessToken } = await signIn(app, person);
    const outcomes = [];
    for (let one = 0; one < 6; one++) {
      const { codes, data } = await change(accessToken, "not-the-passphrase");
      outcomes.push(codes[0] ?? data.changePassword.userErrors[0].code);
    }
    expect(outcomes).toEqual([...Array(5).fill("INVALID_CREDENTIALS"), "RATE_LIMITED"]);
  });
});
