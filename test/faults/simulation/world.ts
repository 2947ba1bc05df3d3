import { randomUUID } from "node:crypto";
import type { Platform } from "../../../src/platform/context";
import { asker } from "../../support/app";
import type { ReadyCart } from "../../support/checkouts";
import { type Person, signedInAgain } from "../people";
import { type Random, seededRandom } from "../random";
import { isKept, type MutationName, type Payload, request, summary, type Wish } from "../request";
import type { Stage } from "./stage";
import { createTasks, ProcessDied, type Task, type Tasks } from "./tasks";
import { type UnreliableProvider, unreliableProvider } from "./unreliable-provider";
import { virtualClock } from "./virtual-clock";

/** Somebody who fills a cart and wants to pay for it. Cards are asked for by their names. */
export type Buyer = { name: string; cart: ReadyCart; variantId: string; person: Person | null };

/** A wish, who has it, what it was answered last, and whether its client still cares. */
export type Asked = Wish & { by: string; person: Person | null; answer: Payload | null; given: boolean };

/** One shop of two servers, its provider and its people, as a seed makes them move. */
export type World = {
  random: Random;
  clock: ReturnType<typeof virtualClock>;
  tasks: Tasks;
  bank: UnreliableProvider;
  servers: { url: string; platform: Platform }[];
  variants: { id: string; uuid: string }[];
  staff: Person;
  buyers: Buyer[];
  account: Person;
  asked: Asked[];
  /** What happened so far, in words without ids: two runs of a seed tell the same */
  story: string[];
};

/** A world at its beginning. `close` ends it. */
export async function aWorld(stage: Stage, seed: number) {
  const random = seededRandom(seed);
  const clock = virtualClock();
  const tasks = createTasks(random);
  const bank = unreliableProvider(clock, random);
  const capture = random.pick("manual", "automatic");
  const overrides = { clock, reached: tasks.reached, providers: [bank.provider] };
  const { servers, close } = await stage.raise(capture, overrides);
  const [staff, account] = [{ ...stage.people.staff }, { ...stage.people.buyer }];
  const begun = { buyers: [], asked: [], story: [`seed ${seed}, capture ${capture}`] };
  const world: World = {
    ...{ random, clock, tasks, bank, servers, variants: stage.variants, staff, account },
    ...begun,
  };
  return { world, close };
}

/** One of the two servers. */
export const aServer = ({ random, servers }: World) => random.pick(...servers);

/** The shop's database, as either server sees it. */
export function databaseOf({ servers }: World) {
  const [server] = servers;
  if (!server) throw new Error("A world without a server");
  return server.platform.db;
}

/** Adds a line to the story. */
export const tell = ({ story, clock }: World, line: string) =>
  story.push(`${clock.now().toISOString().slice(5, 23)} ${line}`);

/** Does something in the shop that may die or stand still on its way, and tells of it. */
export async function attempt(world: World, name: string, work: () => Promise<string>, hasty = false) {
  const task: Task = await world.tasks.start(
    name,
    async (task) => {
      const result = await work().catch(unlessItDied);
      tell(world, `${name} → ${task.diedAt ? `died at ${task.diedAt}` : result}`);
    },
    hasty,
  );
  if (task.standsAt) tell(world, `${name} stands at ${task.standsAt}`);
}

function unlessItDied(error: Error): string {
  if (error instanceof ProcessDied) return error.message;
  throw error;
}

/** Somebody wants something, with a new key. @returns true: there was something to do */
export async function wish(
  world: World,
  by: string,
  person: Person | null,
  mutation: MutationName,
  input: object,
) {
  const asked: Asked = { by, person, mutation, input, key: randomUUID(), answer: null, given: false };
  world.asked.push(asked);
  await ask(world, asked);
  return true;
}

/** Asks for a wish, the first time or again. */
export async function ask(world: World, asked: Asked) {
  const server = aServer(world);
  const token = asked.person && (await signedInAgain(asker(server.url), world.clock, asked.person));
  const number = world.asked.indexOf(asked) + 1;
  await attempt(world, `${asked.by}: ${asked.mutation} #${number}`, async () => {
    const answer = await request(server.url, token, asked);
    if (typeof answer !== "string") asked.answer = keptBefore(asked.answer) ?? answer;
    return summary(answer);
  });
}

/** What was promised first is what has to hold. */
const keptBefore = (answer: Payload | null) => (answer && isKept(answer) ? answer : null);
