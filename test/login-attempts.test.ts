import pg from "pg";
import { emailIndexOf } from "../src/accounts";
import { forgetOldNetworks } from "../src/accounts/known-networks";
import { DAY, HOUR, MINUTE, SECOND } from "../src/platform/clock";
import { forgetAllowances } from "../src/platform/throttle/forget-allowances";
import { type Answer, startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { startSecondApp } from "./support/second-app";
import { GOOD_PASSWORD, LOGIN, REGISTER, signUp } from "./support/sign-up";

/** Small, so that few passwords have to be looked at. */
const [PER_NETWORK, TOTAL] = [10, 30];
const clock = movableClock({ stands: true });
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(
    { TRUST_PROXY: "1", FAILED_LOGINS_PER_NETWORK: String(PER_NETWORK), FAILED_LOGINS: String(TOTAL) },
    { clock },
  );
});
beforeEach(() => clock.advance(HOUR)); // all windows are over
afterAll(() => app.close());

let networks = 0;
/** An address of a /24 that nobody else has. */
const elsewhere = () => `10.${++networks >> 8}.${networks & 255}.1`;
type Asks = Pick<TestApp, "ask">;
const logIn = ({ ask }: Asks, email: string, password: string, ip = elsewhere()) =>
  ask(null, LOGIN, { input: { email, password } }, { "x-forwarded-for": ip });
const guess = (email: string, ip?: string, server: Asks = app) =>
  logIn(server, email, "not-the-passphrase", ip);
const outcomeOf = ({ status, codes, data }: Answer): string | undefined =>
  codes[0] ? `${status} ${codes[0]}` : (data.login.userErrors[0]?.code ?? "in");
const LATER = "429 RATE_LIMITED";
const WRONG = "INVALID_CREDENTIALS";

async function guessAll(emails: string[], ip?: string) {
  const outcomes = [];
  for (const email of emails) outcomes.push(outcomeOf(await guess(email, ip)));
  return outcomes;
}
const indexOf = (email: string) => emailIndexOf(app.platform, email);
const nobody = () => `${unique()}@example.test`;
const wrong = (times: number) => Array<string>(times).fill(WRONG);

test("five wrong passwords from five addresses are followed by a pause that doubles, whether there is such an account or not; the right one waits, too", async () => {
  const bodies = [];
  const ann = await signUp(app);
  for (const email of [ann.email, nobody()]) {
    expect(await guessAll(Array(5).fill(email))).toEqual(wrong(5));
    const refused = await guess(email);
    expect([outcomeOf(refused), refused.headers.get("retry-after")]).toEqual([LATER, "15"]);
    bodies.push(JSON.stringify([refused.data, refused.errors[0]?.message]));
  }
  expect(new Set(bodies).size).toBe(1);
  expect(outcomeOf(await logIn(app, ann.email.toUpperCase(), ann.password))).toBe(LATER);
  for (const pause of [15, 30, 60]) {
    clock.advance((pause - 1) * SECOND);
    expect(outcomeOf(await guess(ann.email))).toBe(LATER);
    clock.advance(SECOND);
    expect(outcomeOf(await guess(ann.email))).toBe(WRONG);
  }
  clock.advance(2 * MINUTE);
  expect(outcomeOf(await logIn(app, ann.email, ann.password))).toBe("in");
});

test("whoever guesses as often as he may for an hour has twelve guesses", async () => {
  const email = nobody();
  let guesses = 0;
  for (let passed = 0; passed < HOUR; passed += 5 * SECOND) {
    if (outcomeOf(await guess(email)) === WRONG) guesses++;
    clock.advance(5 * SECOND);
  }
  expect(guesses).toBe(12);
}, 60_000);

test("fifty guesses at once, at two servers: five are looked at", async () => {
  const [email, second] = [nobody(), await startSecondApp(app)];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, one) => guess(email, elsewhere(), one % 2 ? app : second)),
  );
  await second.close();
  const outcomes = answers.map(outcomeOf);
  expect(outcomes.filter((outcome) => outcome === WRONG)).toEqual(wrong(5));
  expect(new Set(outcomes)).toEqual(new Set([WRONG, LATER]));
});

test("the owner gets in where he was before while somebody elsewhere guesses, also after he signed out there", async () => {
  const [home, ann] = [elsewhere(), await signUp(app)];
  const { data } = await logIn(app, ann.email, ann.password, home);
  await app.ask(data.login.tokens.accessToken, "mutation { logout }");
  await guessAll(Array(5).fill(ann.email));
  expect(outcomeOf(await logIn(app, ann.email, ann.password))).toBe(LATER);
  expect(outcomeOf(await logIn(app, ann.email, ann.password, home))).toBe("in");
  expect(await guessAll(Array(6).fill(ann.email), home)).toEqual([...wrong(5), LATER]); // counted there, too
});

test("thirteen devices of an account sign in at once", async () => {
  const ann = await signUp(app);
  const answers = await Promise.all(Array.from({ length: 13 }, () => logIn(app, ann.email, ann.password)));
  expect(new Set(answers.map(outcomeOf))).toEqual(new Set(["in"]));
});

test("logins that succeed use nothing up", async () => {
  const ann = await signUp(app);
  const outcomes = [];
  for (let one = 0; one < PER_NETWORK + 2; one++)
    outcomes.push(outcomeOf(await logIn(app, ann.email, ann.password, `203.0.113.${one}`)));
  expect(new Set(outcomes)).toEqual(new Set(["in"]));
});

test("nor do those for which nobody had time", async () => {
  const full = jest
    .spyOn(app.platform.services.passwords, "compare")
    .mockRejectedValue(new Error("Too many"));
  const email = nobody();
  for (let one = 0; one < 6; one++) await guess(email);
  full.mockRestore();
  expect(outcomeOf(await guess(email))).toBe(WRONG);
});

test("a guess at each of many accounts ends where its network has used up its own; other networks and those known there go on", async () => {
  const [known, ann] = [await signUp(app), await signUp(app)];
  await logIn(app, known.email, known.password, "198.51.100.200");
  const outcomes = [];
  for (let one = 0; one < PER_NETWORK + 2; one++)
    outcomes.push(outcomeOf(await guess(nobody(), `198.51.100.${one}`)));
  expect(outcomes).toEqual([...wrong(PER_NETWORK), LATER, LATER]);
  const refused = await logIn(app, ann.email, ann.password, "198.51.100.99");
  expect([outcomeOf(refused), refused.headers.get("retry-after")]).toEqual([LATER, "900"]);
  expect(outcomeOf(await logIn(app, ann.email, ann.password))).toBe("in");
  expect(outcomeOf(await logIn(app, known.email, known.password, "198.51.100.200"))).toBe("in");
  clock.advance(15 * MINUTE);
  expect(outcomeOf(await guess(nobody(), "198.51.100.1"))).toBe(WRONG);
});

test("from many networks it ends when the shop's are used up: who is known where he is gets in, others after a quarter of an hour", async () => {
  const [home, known, ann] = [elsewhere(), await signUp(app), await signUp(app)];
  await logIn(app, known.email, known.password, home);
  expect(await guessAll(Array.from({ length: TOTAL + 1 }, nobody))).toEqual([...wrong(TOTAL), LATER]);
  expect(outcomeOf(await logIn(app, ann.email, ann.password))).toBe(LATER);
  expect(outcomeOf(await logIn(app, known.email, known.password, home))).toBe("in");
  clock.advance(15 * MINUTE);
  expect(outcomeOf(await logIn(app, ann.email, ann.password))).toBe("in");
});

test("guesses at accounts that are known where he is are counted for their network, too", async () => {
  const [here, people] = ["198.51.101.1", [] as string[]];
  for (let one = 0; one <= PER_NETWORK; one++) {
    const { email, password } = await signUp(app);
    await logIn(app, email, password, here);
    people.push(email);
  }
  expect(await guessAll(people, here)).toEqual([...wrong(PER_NETWORK), LATER]);
  expect(outcomeOf(await guess(nobody(), here))).toBe(WRONG); // that is counted on its own
});

test("where nobody can tell where he is, no account is known", async () => {
  const ann = await signUp(app);
  await logIn(app, ann.email, ann.password, "no address");
  expect(await app.db.knownNetwork.count({ where: { account: { emailIndex: indexOf(ann.email) } } })).toBe(0);
});

test("an account of many networks has fifty guesses an hour from all of them together", async () => {
  const [ann, homes] = [await signUp(app), Array.from({ length: 11 }, elsewhere)];
  for (const home of homes) await logIn(app, ann.email, ann.password, home);
  const outcomes = [];
  for (const home of homes) outcomes.push(...(await guessAll(Array(5).fill(ann.email), home)));
  expect(outcomes).toEqual([...wrong(50), ...Array(5).fill(LATER)]);
});

test("a login costs as many statements for an account that is unknown, known, known here, disabled or without a password", async () => {
  const [here, ann, off, none] = [elsewhere(), await signUp(app), await signUp(app), await signUp(app)];
  await logIn(app, ann.email, ann.password, here);
  const change = (email: string, data: object) =>
    app.db.account.update({ where: { emailIndex: indexOf(email) }, data });
  await change(off.email, { status: "DISABLED" });
  await change(none.email, { passwordHash: null });
  await guess(nobody()); // what is prepared once is
  const counts = new Set<number>();
  for (const [email, ip] of [[nobody()], [ann.email], [ann.email, here], [off.email], [none.email]] as const)
    counts.add(await countStatements(() => guess(email as string, ip)));
  expect(counts.size).toBe(1);
});

test("networks are forgotten when nobody has been there for ninety days", async () => {
  const [home, ann] = [elsewhere(), await signUp(app)];
  const known = () => app.db.knownNetwork.count({ where: { account: { emailIndex: indexOf(ann.email) } } });
  const sweep = () => forgetOldNetworks.run(app.platform, new AbortController().signal);
  await logIn(app, ann.email, ann.password, home);
  clock.advance(89 * DAY);
  await sweep();
  expect(await known()).toBe(1);
  clock.advance(2 * DAY);
  await sweep();
  expect(await known()).toBe(0);
});

test("guesses that are refused count for nobody: they keep no other account out", async () => {
  const email = nobody();
  expect(await guessAll(Array(5 + 2 * TOTAL).fill(email))).toEqual([
    ...wrong(5),
    ...Array(2 * TOTAL).fill(LATER),
  ]);
  expect(outcomeOf(await guess(nobody()))).toBe(WRONG);
});

test("what is stored tells neither who nor where, and goes when its window is over", async () => {
  await guess("canary@example.test", "203.0.113.77");
  const forget = () => forgetAllowances.run(app.platform, new AbortController().signal);
  const rows = await app.db.allowance.findMany();
  expect(rows.length).toBeGreaterThan(2);
  expect(rows.map(({ subject }) => Buffer.from(subject).toString("latin1")).join()).not.toMatch(/canary|203/);
  await forget();
  const left = await app.db.allowance.findMany();
  expect(left.every(({ endsAt }) => endsAt > clock.now())).toBe(true);
  expect(left).toHaveLength(4); // the address's own, from there and from anywhere, its network's and the shop's
  clock.advance(HOUR);
  await forget();
  expect(await app.db.allowance.count()).toBe(0);
});

test("the owner of an address that is registered with again and again is mailed three times an hour", async () => {
  const { email } = await signUp(app);
  const queue = new pg.Client({ connectionString: app.database.ownerUrl }); // it belongs to that role
  await queue.connect();
  const takeMails = async () => {
    const taken = await queue.query(
      "DELETE FROM graphile_worker._private_jobs WHERE payload ->> 'template' = 'address-taken'",
    );
    return taken.rowCount;
  };
  const registered = async (times: number) => {
    const mails = [];
    for (let time = 0; time < times; time++) {
      const { data } = await app.ask(null, REGISTER, { input: { email, password: GOOD_PASSWORD } });
      expect(data.register).toEqual({ accepted: true, userErrors: [] });
      mails.push(await takeMails());
    }
    return mails;
  };
  expect(await registered(5)).toEqual([1, 1, 1, 0, 0]);
  clock.advance(HOUR);
  expect(await registered(1)).toEqual([1]);
  await queue.end();
});
