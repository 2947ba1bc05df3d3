import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { insertAccount } from "../src/accounts/create-account";
import { hashPassword } from "../src/accounts/password-hash";
import { transact } from "../src/platform/database";
import { startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";
import { GOOD_PASSWORD, LOGIN, signIn, signUp } from "./support/sign-up";

/** As many as are served at once: one core is left for the rest. */
const THREADS = Math.max(1, availableParallelism() - 1);

let app: TestApp;
/** Addresses of accounts; so many that no guess is at one that was guessed at often. */
let known: string[];
beforeAll(async () => {
  app = await startTestApp({
    ...{ BCRYPT_COST: "11", TRUST_PROXY: "1" },
    ...{ FAILED_LOGINS_PER_NETWORK: "10000", FAILED_LOGINS: "10000" },
  });
  const passwordHash = await hashPassword(app.platform, GOOD_PASSWORD, null);
  const person = { name: null, role: "CUSTOMER", emailVerified: true, passwordHash } as const;
  const one = async () => {
    const email = `${unique()}@example.test`;
    await transact(app.db, (tx) => insertAccount(app.platform, tx, { ...person, email }));
    return email;
  };
  known = await Promise.all(Array.from({ length: THREADS + 64 }, one));
});
afterAll(() => app.close());

/** Logins of somebody known and of nobody, in turn, all at once with a wrong password. `answered` counts along. */
function flood(count: number) {
  const progress = { answered: 0 };
  const answers = Array.from({ length: count }, async (_, index) => {
    const email = (index % 2 === 0 && known[index]) || `${unique()}@example.test`;
    const answer = await app.ask(null, LOGIN, { input: { email, password: "not-the-passphrase" } });
    progress.answered++;
    return { ...answer, known: index % 2 === 0 };
  });
  return { progress, answers: Promise.all(answers) };
}

test("a flood of logins holds up neither files nor the shop", async () => {
  const { progress, answers } = flood(THREADS * 16);
  for (let round = 0; round < 10; round++) {
    await readFile(__filename);
    expect((await app.ask(null, "{ products { nodes { id } } }")).errors).toEqual([]);
  }
  expect(progress.answered).toBeLessThan(THREADS * 8);
  expect((await answers).map(({ status }) => status)).toEqual(Array(THREADS * 16).fill(200));
});

test("32 logins wait; who comes after them is told to come again, whether there is such an account or not", async () => {
  const person = await signUp(app);
  const tooMany = 20;
  const answers = await flood(THREADS + 32 + tooMany).answers;
  const [served, refused] = [answers.filter((one) => one.data), answers.filter((one) => !one.data)];
  expect(
    served.flatMap(({ data }) => data.login.userErrors.map(({ code }: { code: string }) => code)),
  ).toEqual(Array(served.length).fill("INVALID_CREDENTIALS"));
  expect(served.length).toBeGreaterThanOrEqual(THREADS + 32);
  for (const { status, codes, headers } of refused)
    expect([status, codes, headers.get("retry-after")]).toEqual([503, ["SERVICE_UNAVAILABLE"], "1"]);
  expect(new Set(refused.map(({ known }) => known))).toEqual(new Set([true, false]));
  await signIn(app, { ...person, password: GOOD_PASSWORD });
});

test("a flood of logins from one address holds up nobody at another", async () => {
  const person = await signUp(app);
  const { progress, answers } = flood(THREADS + 64);
  while (progress.answered < 32) await wait(5); // the line is full: these were told to come again
  const input = { email: person.email, password: GOOD_PASSWORD };
  const { status, data } = await app.ask(null, LOGIN, { input }, { "x-forwarded-for": "203.0.113.5" });
  expect([status, data?.login.userErrors]).toEqual([200, []]);
  expect(progress.answered).toBeLessThan(32 + 16); // nor did he wait behind all of them
  await answers;
});
