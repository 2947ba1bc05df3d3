import { clearTimeout, setTimeout } from "node:timers";
import type { FaultPoint, Reached } from "../../../src/platform/fault-points";
import type { Random } from "../random";

/**
 * Something under way in the shop: a request, a webhook, a sweep. `goOn` lets it go on from the fault point where it stands, or die there.
 * A hasty one never stands still: somebody else would go on without it.
 */
export type Task = {
  name: string;
  hasty: boolean;
  standsAt: FaultPoint | null;
  diedAt: FaultPoint | null;
  goOn: (dies: boolean) => void;
};

/** Thrown at a fault point: nothing of what was in memory is left, as when the process is killed there. */
export class ProcessDied extends Error {}

/** Reached with row locks in hand: who stood still there would hold up everybody else, which no schedule of ours could resolve. */
const IN_TRANSACTION: FaultPoint[] = [
  "operation.recording",
  "order.cancelling",
  "webhook.processing",
  "expiry.expiring",
];

/** How often, of a hundred times that a point is reached, its process dies there, or stands still for a while. */
const DIES = 4;
const PAUSES = 15;

/** Far longer than anything here takes: whoever waits so long waits for somebody who stands still. */
const STUCK_MS = 20_000;

/**
 * Lets one task run at a time, until it is done or stands at a fault point: what happens in between, and in which order, is then the
 * seed's choice, though it all happens on a real server and a real database.
 */
export function createTasks(random: Random) {
  const standing: Task[] = [];
  const seen = new Set<FaultPoint>();
  let current: Task | null = null;
  let calm = false;
  let still = () => {};

  const reached: Reached = async (point) => {
    seen.add(point);
    const task = current;
    if (calm || !task) return;
    if (random.chance(DIES)) die(task, point);
    if (task.hasty || IN_TRANSACTION.includes(point) || !random.chance(PAUSES)) return;
    const dies = await new Promise<boolean>((goOn) => {
      Object.assign(task, { standsAt: point, goOn });
      standing.push(task);
      still();
    });
    if (dies) die(task, point);
  };

  /** Sets a task going; comes back when it is done or stands still. */
  async function run(task: Task, go: (fail: (error: Error) => void) => void) {
    current = task;
    await new Promise<void>((done, fail) => {
      const stuck = setTimeout(() => fail(new Error(`${task.name} is stuck`)), STUCK_MS);
      still = () => {
        clearTimeout(stuck);
        done();
      };
      go(fail);
    });
    current = null;
  }

  return {
    reached,
    seen,
    standing,
    /** From now on nothing dies or stands still. */
    calmDown() {
      calm = true;
    },
    async start(name: string, work: (task: Task) => Promise<void>, hasty = false): Promise<Task> {
      const task: Task = { name, hasty, standsAt: null, diedAt: null, goOn: () => {} };
      await run(task, (fail) => {
        work(task).then(() => still(), fail);
      });
      return task;
    },
    async goOn(task: Task, dies: boolean) {
      standing.splice(standing.indexOf(task), 1);
      task.standsAt = null;
      await run(task, () => task.goOn(dies));
    },
  };
}
function die(task: Task, point: FaultPoint): never {
  task.diedAt = point;
  throw new ProcessDied(point);
}

export type Tasks = ReturnType<typeof createTasks>;
