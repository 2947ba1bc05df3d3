import { settleOperation } from "../../../src/checkout";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/platform/clock";
import { features } from "../../../src/schema";
import { processEvent } from "../../../src/settlement/inbox/process-event";
import { finishSlow, lapse } from "./provider-books";
import { ProcessDied } from "./tasks";
import type { Letter } from "./unreliable-provider";
import { aServer, attempt, databaseOf, tell, type World } from "./world";

/** Sweeps that take several things at once: here they are taken one by one, in an order that the seed knows. */
const ONE_BY_ONE = ["settle due operations", "process received events"];

/** What goes on without people: time, the line to the provider, sweeps, and processes that die. Each says whether there was something. */
export const machinery = { timePasses, letterComes, settles, takesEvent, sweeps, finishesSlow, goesOn };

const SPANS = { moment: 45, lease: 28, hold: 12, day: 8, week: 4 };

async function timePasses(world: World) {
  const { random } = world;
  const spans = { moment: random.between(SECOND, 20 * SECOND), lease: 31 * SECOND, hold: 31 * MINUTE };
  const long = { day: DAY + HOUR, week: 6 * DAY + HOUR };
  passTime(world, { ...spans, ...long }[random.weighted(SPANS)]);
  return true;
}

/** Moves the clock, and with it whatever was on its way to the provider, and what ends there by itself. */
export function passTime(world: World, milliseconds: number) {
  const { clock, bank } = world;
  clock.advance(milliseconds);
  bank.arrive();
  lapse(bank.books);
  tell(world, `${Math.round(milliseconds / SECOND)} s have passed`);
}

async function letterComes(world: World) {
  const { random, bank } = world;
  if (bank.letters.length === 0) return false;
  await deliver(world, random.between(0, bank.letters.length - 1));
  return true;
}

/** Brings one of the provider's webhooks; it stays on its way when the shop doesn't take it. */
export async function deliver(world: World, index: number) {
  const { bank } = world;
  const [letter] = bank.letters.splice(index, 1);
  if (!letter) return;
  const { url } = aServer(world);
  const bring = async () => {
    const status = await post(new URL("/webhooks/simulated", url), letter);
    if (status !== 200) bank.letters.push(letter);
    return String(status);
  };
  const { kind, outcome } = JSON.parse(letter.body) as { kind: string; outcome: { status: string } };
  await attempt(world, `webhook: ${kind} ${outcome.status}`, bring, true);
}

async function post(url: URL, { body, headers }: Letter): Promise<number> {
  const response = await fetch(url, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

/** One of the operations that are due is settled. */
async function settles(world: World) {
  const { random, clock } = world;
  const due = await databaseOf(world).paymentOperation.findMany({
    where: { status: { in: ["PENDING", "ACTION_REQUIRED", "UNKNOWN"] }, leaseUntil: { lte: clock.now() } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (due.length === 0) return false;
  const { id, kind, status } = random.pick(...due);
  const { platform } = aServer(world);
  await attempt(world, `sweep: settles a ${status} ${kind}`, async () => {
    await settleOperation(platform, id);
    const { status: now } = await platform.db.paymentOperation.findUniqueOrThrow({ where: { id } });
    return now;
  });
  return true;
}

/** One of the events that were received, and not taken into account, is. */
async function takesEvent(world: World) {
  const events = await databaseOf(world).providerEvent.findMany({
    where: { state: "RECEIVED" },
    orderBy: [{ receivedAt: "asc" }, { id: "asc" }],
  });
  if (events.length === 0) return false;
  const { id, type } = world.random.pick(...events);
  const { platform } = aServer(world);
  await attempt(world, `sweep: takes a ${type} event`, async () => {
    await processEvent(platform, id).catch(notNow);
    return "done";
  });
  return true;
}

/** The provider could not be asked about it; a process that died is something else. */
function notNow(error: Error) {
  if (error instanceof ProcessDied) throw error;
}

async function sweeps(world: World) {
  const all = features
    .flatMap((feature) => feature.sweeps ?? [])
    .filter(({ name }) => !ONE_BY_ONE.includes(name));
  const sweep = world.random.pick(...all);
  const { platform } = aServer(world);
  await attempt(world, `sweep: ${sweep.name}`, async () => {
    await sweep.run(platform, new AbortController().signal);
    return "swept";
  });
  return true;
}

async function finishesSlow({ bank }: World) {
  return finishSlow(bank.books);
}

/** Who stands still at a fault point goes on, or its process dies there. */
async function goesOn(world: World) {
  const { random, tasks } = world;
  if (tasks.standing.length === 0) return false;
  const task = random.pick(...tasks.standing);
  const dies = random.chance(30);
  tell(world, `${task.name} ${dies ? "dies" : "goes on"} at ${task.standsAt}`);
  await tasks.goOn(task, dies);
  return true;
}
