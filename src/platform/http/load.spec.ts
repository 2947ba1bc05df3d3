import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Pool } from "../pool/pool";
import { watchLoad } from "./load";

let close: () => Promise<void>;
/** Looks at this process itself, beside a database that keeps nobody waiting. */
function watch() {
  const server = { addHook: (_: string, hook: () => Promise<void>) => (close = hook) };
  const idle = { waited: () => 0 };
  return watchLoad(server as unknown as FastifyInstance, idle as unknown as Pool, () => 0);
}
afterEach(() => close());

const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
async function takeTurns(ms: number, times: number) {
  for (let turn = 0; turn < times; turn++) {
    standStill(ms);
    await wait(1); // a turn of the event loop ends, timers of this one come
  }
}

test("a process that once stood still is not late", async () => {
  const load = watch();
  await wait(12); // its first turn has begun
  standStill(1_200);
  await wait(50);
  expect([load.isHigh(), load.isHighForAll()]).toEqual([false, false]);
});

test.each([200, 700])("a process whose every turn takes %i ms is late", async (ms) => {
  const load = watch();
  await takeTurns(ms, Math.ceil(3_000 / ms));
  expect([load.isHigh(), load.isHighForAll()]).toEqual([true, true]);
});
