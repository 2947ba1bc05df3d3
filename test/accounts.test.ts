import { accounts, createAccount } from "../src/accounts";
import { readId } from "../src/platform/ids";
import { hashToken } from "../src/platform/vault";
import { startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";
import { KEEPING_SESSIONS } from "./support/kept-sessions";
import { GOOD_PASSWORD, LOGIN, REGISTER, signIn, signUp } from "./support/sign-up";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(KEEPING_SESSIONS);
});
afterAll(() => app.close());

const register = async (input: object) => (await app.ask(null, REGISTER, { input })).data.register;
const login = async (input: object) => (await app.ask(null, LOGIN, { input })).data.login;
const ME = "{ me { id email emailVerified name role createdAt } }";
const UPDATE =
  "mutation($input: UpdateAccountInput!) { updateAccount(input: $input) { account { name } userErrors { code path } } }";
const REFUSED = {
  account: null,
  tokens: null,
  mfaToken: null,
  userErrors: [{ code: "INVALID_CREDENTIALS", path: [] }],
};

/** The row behind a login that works. */
async function rowOf(person: { email: string; password: string }) {
  const { id } = await signIn(app, person);
  return app.db.account.findUniqueOrThrow({ where: { id: readId("acct", id) ?? "" } });
}

describe("register", () => {
  test("the account can log in at once and reads itself; what it typed is stored sealed", async () => {
    const email = `${unique()}@Example.test`;
    const person = await signUp(app, { email: `  ${email} `, name: " Zoë Canary " });
    const { accessToken } = await signIn(app, person);
    const { data } = await app.ask(accessToken, ME);
    expect(data.me).toMatchObject({
      email: email.toLowerCase(),
      emailVerified: false,
      name: "Zoë Canary",
      role: "CUSTOMER",
    });
    const row = await rowOf(person);
    expect(Buffer.from(row.nameCipher ?? []).toString()).not.toContain("Canary");
    expect(row.passwordHash).toMatch(/^\$2b\$10\$/);
  });

  test("sends the verification mail through the queue, with ids only, and tells the feed", async () => {
    const row = await rowOf(await signUp(app));
    const token = await app.db.oneTimeToken.findFirstOrThrow({ where: { accountId: row.id } });
    expect(await jobs()).toContainEqual({ template: "verify-email", oneTimeTokenId: token.id });
    expect(await app.db.outboxEvent.count({ where: { type: "account.registered", subjectId: row.id } })).toBe(
      1,
    );
  });

  test("a taken address gets the same answer, however it is written; its owner is told and nothing changes", async () => {
    const person = await signUp(app, { name: "First" });
    const again = { email: person.email.toUpperCase(), password: "another-long-passphrase", name: "Second" };
    const [free, taken] = await Promise.all([
      app.ask(null, REGISTER, { input: { ...again, email: `${unique()}@example.test` } }),
      app.ask(null, REGISTER, { input: again }),
    ]);
    expect([taken.status, JSON.stringify(taken.data)]).toEqual([free.status, JSON.stringify(free.data)]);
    expect((await login({ email: again.email, password: again.password })).userErrors).toEqual(
      REFUSED.userErrors,
    );
    const row = await rowOf(person);
    expect(await jobs()).toContainEqual({ template: "address-taken", accountId: row.id });
  });

  test("twenty at once with one address: one account, equal answers", async () => {
    const input = { email: `${unique()}@example.test`, password: GOOD_PASSWORD };
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"accepted":true,"userErrors":[]}']),
    );
    await rowOf(input);
  });

  test.each([
    [{ email: `${"a".repeat(10_000)}@example.test` }, "EMAIL_INVALID", "email"],
    [{ email: "nul\0@example.test" }, "EMAIL_INVALID", "email"],
    [{ email: "" }, "EMAIL_INVALID", "email"],
    [{ email: "two@at@example.test" }, "EMAIL_INVALID", "email"],
    [{ password: "short" }, "PASSWORD_TOO_SHORT", "password"],
    [{ password: "x".repeat(1_025) }, "PASSWORD_TOO_LONG", "password"],
    [{ password: "password123456789" }, "PASSWORD_TOO_COMMON", "password"],
    [{ password: "Tillgraph-2026" }, "PASSWORD_TOO_COMMON", "password"],
    [{ email: "wonderwoman@example.test", password: "wonderwoman2026" }, "PASSWORD_TOO_COMMON", "password"],
    [{ name: "nul\0" }, "NAME_INVALID", "name"],
    [{ name: "x".repeat(201) }, "NAME_INVALID", "name"],
    [{ name: "lone \ud800" }, "NAME_INVALID", "name"],
  ])("refuses bad input %#", async (about, code, path) => {
    const input = { email: `${unique()}@example.test`, password: GOOD_PASSWORD, ...about };
    expect(await register(input)).toEqual({ accepted: null, userErrors: [{ code, path: [path] }] });
  });
});

describe("login", () => {
  test("unknown address, wrong password, disabled account and account without a good hash answer alike, after the same work", async () => {
    const [known, disabled, nullHash, corrupt] = [
      await signUp(app),
      await signUp(app),
      await signUp(app),
      await signUp(app),
    ];
    const change = async (person: typeof known, data: object) =>
      app.db.account.update({ where: { id: (await rowOf(person)).id }, data });
    await change(disabled, { status: "DISABLED" });
    await change(nullHash, { passwordHash: null });
    await change(corrupt, { passwordHash: "$2b$10$corrupt" });
    const cases = [
      { email: `${unique()}@example.test`, password: GOOD_PASSWORD },
      { ...known, password: "not-the-passphrase" },
      disabled,
      nullHash,
      corrupt,
    ];
    const bodies = new Set<string>();
    const times = [];
    for (const input of cases) {
      const start = performance.now();
      const { status, data } = await app.ask(null, LOGIN, { input });
      times.push(performance.now() - start);
      bodies.add(JSON.stringify([status, data.login]));
    }
    expect([...bodies]).toEqual([JSON.stringify([200, REFUSED])]);
    expect(Math.min(...times)).toBeGreaterThan(20); // none gets away without bcrypt, which takes some 45 ms at cost 10
  });

  test("every character of a long password counts, also past bcrypt's 72 bytes and after a NUL", async () => {
    for (const start of ["a".repeat(72), "long enough\0"]) {
      const person = await signUp(app, { password: `${start}X` });
      expect((await login({ ...person, password: `${start}Y` })).userErrors).toEqual(REFUSED.userErrors);
      await signIn(app, person);
    }
  });

  test("composed and decomposed letters are the same password", async () => {
    const person = await signUp(app, { password: "la crème brûlée".normalize("NFC") });
    await signIn(app, { ...person, password: person.password.normalize("NFD") });
  });

  test("a hash of another cost is made anew while the password is at hand", async () => {
    const cheaper = {
      ...app.platform,
      config: { ...app.platform.config, accounts: { bcryptCost: 11, passwordMinLength: 10 } },
    };
    const person = { email: `${unique()}@example.test`, password: GOOD_PASSWORD };
    await createAccount(cheaper, { ...person, name: null, role: "CUSTOMER", emailVerified: true });
    const full = jest.spyOn(app.platform.services.passwords, "hash").mockRejectedValue(new Error("Too many"));
    expect((await rowOf(person)).passwordHash).toMatch(/^\$2b\$11\$/); // it signs in: who knows the password may, though nobody has time for it
    full.mockRestore();
    await signIn(app, person);
    expect((await rowOf(person)).passwordHash).toMatch(/^\$2b\$10\$/);
    await signIn(app, person);
  });

  test.each([
    { email: `${"a".repeat(10_000)}@example.test` },
    { email: "nul\0@example.test" },
    { password: "x".repeat(50_000) },
    { password: "" },
    { email: "", password: "\0" },
  ])("refuses bad input %#", async (about) => {
    expect(await login({ email: "ann@example.test", password: GOOD_PASSWORD, ...about })).toEqual(REFUSED);
  });

  test.each([
    "",
    "cart_",
    "cart_01h455vb4pex5vsknk084sn02q",
    "prod_01h455vb4pex5vsknk084sn02q",
    "nul\0",
    "x".repeat(10_000),
  ])("a cart that is none does not stand in the way, %#", async (cartId) => {
    const { userErrors, tokens } = await login({ ...(await signUp(app)), cartId });
    expect([userErrors, tokens === null]).toEqual([[], false]);
  });
});

test("createAccount gives a verified account of any role, and leaves one that is there as it is", async () => {
  const ask = {
    email: `${unique()}@example.test`,
    password: "tillgraph-demo-2026",
    name: "Ada",
    role: "ADMIN",
    emailVerified: true,
  } as const;
  const first = await createAccount(app.platform, ask);
  expect(await createAccount(app.platform, { ...ask, password: "another-long-passphrase" })).toBe(first);
  const { accessToken } = await signIn(app, ask);
  expect((await app.ask(accessToken, ME)).data.me).toMatchObject({
    role: "ADMIN",
    emailVerified: true,
    name: "Ada",
  });
});

describe("updateAccount", () => {
  test("a field left out stays, null removes it, and an Idempotency-Key makes it happen once", async () => {
    const person = await signUp(app, { name: "Ann" });
    const { accessToken } = await signIn(app, person);
    const update = async (input: object, headers = {}) =>
      (await app.ask(accessToken, UPDATE, { input }, headers)).data.updateAccount;
    expect(await update({})).toEqual({ account: { name: "Ann" }, userErrors: [] });
    expect(await update({ name: "Anna" })).toEqual({ account: { name: "Anna" }, userErrors: [] });
    expect(await update({ name: null })).toEqual({ account: { name: null }, userErrors: [] });
    const key = { "idempotency-key": `name-${unique()}` };
    await update({ name: "Once" }, key);
    await update({ name: "Once" }, key);
    expect((await rowOf(person)).version).toBe(4);
    expect(await update({ name: "\0" })).toEqual({
      account: null,
      userErrors: [{ code: "NAME_INVALID", path: ["name"] }],
    });
  });
});

test("me is null for a guest", async () => {
  expect((await app.ask(null, ME)).data).toEqual({ me: null });
});

/** Payloads of the queued mails; the queue belongs to the owner's role. */
async function jobs() {
  const { default: pg } = await import("pg");
  const owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query<{ payload: object }>(
    "SELECT payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE t.identifier = 'sendMail'",
  );
  await owner.end();
  return rows.map(({ payload }) => payload);
}

describe("mails", () => {
  const mail = (template: string, payload: Record<string, string>) =>
    accounts.mails?.[template]?.(app.platform, payload);

  test("the verification mail carries a token whose hash alone is stored, and is not written once that was used", async () => {
    const person = await signUp(app);
    const { id: accountId } = await rowOf(person);
    const { id, hash } = await app.db.oneTimeToken.findFirstOrThrow({ where: { accountId } });
    const letter = await mail("verify-email", { oneTimeTokenId: id });
    const token = /code: ([\w-]{43})/.exec(letter?.text ?? "")?.[1] ?? "";
    expect([letter?.to, Buffer.from(hashToken(token)).equals(hash)]).toEqual([person.email, true]);
    await app.db.oneTimeToken.update({ where: { id }, data: { usedAt: new Date() } });
    expect(await mail("verify-email", { oneTimeTokenId: id })).toBeNull();
  });

  test("the owner of a taken address is written to", async () => {
    const person = await signUp(app);
    const letter = await mail("address-taken", { accountId: (await rowOf(person)).id });
    expect([letter?.to, letter?.text]).toEqual([
      person.email,
      expect.stringContaining("has an account already"),
    ]);
  });
});
