import { faultPoints } from "../../src/platform/fault-points";
import { runHistory } from "./simulation/history";
import { type Stage, setTheStage } from "./simulation/stage";

/** One seed, to see what it tells; or how many to run. */
const { SEED, SEEDS = "40" } = process.env;
const seeds = SEED ? [Number(SEED)] : Array.from({ length: Number(SEEDS) }, (_, index) => index + 1);

/** Mails are the job queue's, which keeps no virtual time: the crash run sends them. */
const points = faultPoints.filter((point) => point !== "mail.sent");
/** What some dozens of histories have to meet to prove anything: moments, events, states, and operations that come with others. */
const MET = [
  ...points,
  ...["order.declined", "order.expired", "order.payment_returned", "payment.authorize_action_required"],
  ...["payment.authorize_unknown", "reservation EXPIRED", "event IGNORED", "surplus"],
  ...["PARTIALLY_PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED", ":late", ":lapsed", ":released"],
];

jest.setTimeout(30_000 + 3_000 * seeds.length); // each is a shop, a database and some hundred requests of its own

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage();
});
afterAll(() => stage.strike());

test(`${seeds.length} histories of buyers, staff, a bad line to the provider and dying processes end in order`, async () => {
  const failed: string[] = [];
  const met = new Set<string>();
  for (const seed of seeds) {
    const history = await runHistory(stage, seed);
    if (SEED) process.stdout.write(`${history.story.join("\n")}\n`);
    for (const one of history.met) met.add(one);
    const wrong = history.wrong.map((what) => `SEED=${seed} npm run test:simulate: ${what}`);
    for (const line of wrong) process.stdout.write(`${line}\n`); // a long run should not end before it is heard
    failed.push(...wrong);
  }
  expect(failed).toEqual([]);
  if (!SEED) expect([...met]).toEqual(expect.arrayContaining(MET));
});

test.each([3, 7, 12])("seed %s tells the same story again", async (seed) => {
  const [once, again] = [await runHistory(stage, seed), await runHistory(stage, seed)];
  expect(again.story).toEqual(once.story);
});
