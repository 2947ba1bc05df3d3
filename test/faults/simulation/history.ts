import type { FaultPoint } from "../../../src/platform/fault-points";
import { buyers } from "./buyers";
import { drain } from "./drain";
import { whatIsWrong } from "./expectations";
import { machinery } from "./machinery";
import { staff } from "./staff";
import type { Stage } from "./stage";
import { aWorld } from "./world";

const STEPS = { fewest: 30, most: 70 };

const actions = { ...buyers, ...machinery, staffCaptures: staff.captures, staffVoids: staff.voids };
const all = {
  ...actions,
  staffRefunds: staff.refunds,
  staffCancels: staff.cancels,
  countsStock: staff.countsStock,
};

/** How often each thing happens. */
const WEIGHTS: Record<keyof typeof all, number> = {
  ...{ comes: 8, checksOut: 16, asksAgain: 12, resumes: 6, changesTheCart: 3, decides: 7, cancels: 1 },
  ...{ timePasses: 14, letterComes: 14, settles: 10, takesEvent: 4, sweeps: 4, finishesSlow: 3, goesOn: 14 },
  ...{ staffCaptures: 6, staffVoids: 2, staffRefunds: 5, staffCancels: 2, countsStock: 2 },
};

export type History = { wrong: string[]; story: string[]; seen: Set<FaultPoint> };

/**
 * What becomes of a shop, its people and its provider when a seed decides who does what when, which calls get lost and which processes die:
 * some dozens of things happen, then everything comes to rest and is checked. The same seed, the same story.
 */
export async function runHistory(stage: Stage, seed: number): Promise<History> {
  const { world, close } = await aWorld(stage, seed);
  const { random, story, tasks } = world;
  try {
    const steps = random.between(STEPS.fewest, STEPS.most);
    for (let step = 1; step <= steps; step++) {
      world.clock.advance(random.between(1, 900));
      await all[random.weighted(WEIGHTS)](world);
    }
    await drain(world);
    return { wrong: await whatIsWrong(world), story, seen: tasks.seen };
  } catch (error) {
    return { wrong: [(error as Error).stack ?? String(error)], story, seen: tasks.seen };
  } finally {
    await close();
  }
}
