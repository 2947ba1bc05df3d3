import { DAY, MINUTE, SECOND } from "../../../src/platform/clock";
import { features } from "../../../src/schema";
import { describeDrift, reconcile } from "../../../src/settlement";
import { deliver, passTime } from "./machinery";
import { finishSlow } from "./provider-books";
import { aServer, ask, databaseOf, tell, type World } from "./world";

/** More than enough for everything to come to rest; each lets some minutes pass. */
const ROUNDS = 40;
/** Longer than any history. */
export const ALL_DAYS = 365;

/**
 * Lets everything come to rest: nothing dies any more, the line to the provider is good, clients get their answers, webhooks arrive,
 * sweeps run, and the books are compared, as they are daily. @throws when something never comes to rest
 */
export async function drain(world: World) {
  const { tasks, bank, random } = world;
  tasks.calmDown();
  bank.becomeReliable();
  for (const task of [...tasks.standing]) await tasks.goOn(task, random.chance(50));
  passTime(world, 2 * MINUTE);
  await untilAnswered(world);
  if (random.chance(50)) await letEverythingLapse(world);
  await compareBooks(world);
  await untilAnswered(world);
}

async function untilAnswered(world: World) {
  const waiting = () => world.asked.filter(({ answer, given }) => !answer && !given);
  await untilQuiet(world);
  for (const asked of waiting()) await ask(world, asked);
  await untilQuiet(world);
}

/** What is authorised and not captured ends by itself; the shop finds out without being told. */
async function letEverythingLapse(world: World) {
  passTime(world, 8 * DAY);
  world.bank.letters.length = 0;
  await untilQuiet(world);
}

/** Takes in what no webhook told. */
async function compareBooks(world: World) {
  passTime(world, 2 * MINUTE);
  const { drifts } = await reconcile(aServer(world).platform, ALL_DAYS, (drift) =>
    tell(world, describeDrift(drift)),
  );
  tell(world, `the books were compared: ${drifts} differences`);
}

/** Runs every sweep, and brings every webhook, until nothing is open and nothing changes. */
async function untilQuiet(world: World) {
  for (let round = 1; round <= ROUNDS; round++) {
    finishSlow(world.bank.books);
    while (world.bank.letters.length > 0) await deliver(world, 0);
    const before = await whatIsOpen(world);
    await runSweeps(world);
    const after = await whatIsOpen(world);
    if (before.length === 0 && after.length === 0 && world.bank.letters.length === 0) return;
    passTime(world, round % 5 === 0 ? 31 * MINUTE : round % 2 === 0 ? 11 * MINUTE : 31 * SECOND);
  }
  throw new Error(`Never quiet: ${(await whatIsOpen(world)).join(", ")}`);
}

async function runSweeps(world: World) {
  const { platform } = aServer(world);
  for (const sweep of features.flatMap((feature) => feature.sweeps ?? []))
    await sweep.run(platform, new AbortController().signal);
  tell(world, "all sweeps have run");
}

/** What somebody still has to do something about. */
async function whatIsOpen(world: World): Promise<string[]> {
  const rows = await databaseOf(world).$queryRaw<{ what: string }[]>`
    SELECT format('%s %s', kind, status) AS what FROM payment_operations
    WHERE status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')
    UNION ALL SELECT format('%s request', operation) FROM idempotency_records WHERE state = 'RUNNING'
    UNION ALL SELECT format('%s event', type) FROM provider_events WHERE state = 'RECEIVED'`;
  return rows.map(({ what }) => what);
}
