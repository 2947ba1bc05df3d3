import { runHistory } from "./simulation/history";
import { type Stage, setTheStage } from "./simulation/stage";

/** One seed, to see what it tells; or how many to run. */
const { SEED, SEEDS = "40" } = process.env;
const seeds = SEED ? [Number(SEED)] : Array.from({ length: Number(SEEDS) }, (_, index) => index + 1);

jest.setTimeout(30_000 + 3_000 * seeds.length); // each is a shop, a database and some hundred requests of its own

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage();
});
afterAll(() => stage.strike());

test(`${seeds.length} histories of buyers, staff, a bad line to the provider and dying processes end in order`, async () => {
  const failed: string[] = [];
  for (const seed of seeds) {
    const { wrong, story } = await runHistory(stage, seed);
    if (SEED) process.stdout.write(`${story.join("\n")}\n`);
    if (wrong.length > 0)
      failed.push(`seed ${seed} (SEED=${seed} npm run test:simulate): ${wrong.join("; ")}`);
  }
  expect(failed).toEqual([]);
});

test("a seed tells the same story again", async () => {
  const [once, again] = [await runHistory(stage, 7), await runHistory(stage, 7)];
  expect(again.story).toEqual(once.story);
});
