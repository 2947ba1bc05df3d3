import { buyers } from "./buyers";
import { drain } from "./drain";
import { whatHappened, whatIsWrong } from "./expectations";
import { machinery } from "./machinery";
import { staff } from "./staff";
import type { Stage } from "./stage";
import { aWorld } from "./world";

const STEPS = { fewest: 30, most: 80 };

/** How often each thing happens. */
const actions = { ...buyers, ...machinery, ...staff };
const WEIGHTS: Record<keyof typeof actions, number> = {
  ...{
    comes: 8,
    checksOut: 16,
    asksAgain: 10,
    resumes: 4,
    changesTheCart: 4,
    decides: 7,
    isForgiven: 4,
    changesHisMind: 2,
  },
  ...{ timePasses: 13, letterComes: 14, settles: 10, takesEvent: 4, sweeps: 5, finishesSlow: 3, goesOn: 14 },
  ...{ captures: 8, voids: 2, refunds: 7, cancels: 2, countsStock: 2 },
};

export type History = { wrong: string[]; story: string[]; met: string[] };

/**
 * What becomes of a shop, its people and its provider when a seed decides who does what when, which calls get lost and which processes die:
 * some dozens of things happen, then everything comes to rest and is checked. The same seed, the same story.
 */
export async function runHistory(stage: Stage, seed: number): Promise<History> {
  const { world, close } = await aWorld(stage, seed);
  const { random, story, tasks } = world;
  try {
    for (let left = random.between(STEPS.fewest, STEPS.most); left > 0; ) {
      world.clock.advance(random.between(1, 900));
      if (await actions[random.weighted(WEIGHTS)](world)) left -= 1;
    }
    await drain(world);
    return { wrong: await whatIsWrong(world), story, met: [...tasks.seen, ...(await whatHappened(world))] };
  } catch (error) {
    return { wrong: [(error as Error).stack ?? String(error)], story, met: [] };
  } finally {
    await close();
  }
}
