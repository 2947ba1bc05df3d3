import { EventEmitter } from "node:events";
import { readTestConfig } from "../../../test/support/config";
import type { Platform } from "../context";
import { openDoor } from "./door";
import { openGates } from "./gates";

/** The gates of a server with five connections: twenty reads at work, or 64 mutations. */
function gatesOfFive() {
  const pool = { connections: Object.assign(new EventEmitter(), { waitingCount: 0 }), waited: () => 0 };
  const config = readTestConfig({ DATABASE_POOL: "5" });
  return openGates({ config, pool } as unknown as Platform, openDoor());
}

/** Each of them is at work for so long: 303 reads a second can be done, or 970 mutations. */
const WORK_MS = 66;

/**
 * What becomes of all who come in so many milliseconds; `arrive` says how many of each rank do now. @returns by rank how long those waited who
 * came in, in their order, how many were told no at once, and how many after they had waited
 */
async function simulate(
  side: "reads" | "mutations",
  durationMs: number,
  arrive: (now: number) => [rank: number, count: number][],
) {
  jest.useFakeTimers();
  const { gate } = gatesOfFive()[side];
  const told = Array.from({ length: 4 }, () => ({ waits: [] as number[], toldAtOnce: 0, toldLate: 0 }));
  const endings: number[] = [];
  let now = 0;
  async function ask(rank: number) {
    const [one, since] = [told[rank] as (typeof told)[number], now];
    const entered = gate.enter(rank, { caller: "somebody", bytes: () => 0, gone: () => false });
    const isIn = entered instanceof Promise ? await entered : entered;
    if (isIn) endings.push(now + WORK_MS);
    if (isIn) one.waits.push(now - since);
    else if (now > since) one.toldLate++;
    else one.toldAtOnce++;
  }
  for (; now < durationMs; now++) {
    for (const [rank, count] of arrive(now)) for (let each = 0; each < count; each++) void ask(rank);
    while ((endings[0] ?? Number.POSITIVE_INFINITY) <= now) {
      endings.shift();
      gate.leave();
    }
    jest.advanceTimersByTime(1);
    await Promise.resolve(); // who goes in, or has waited too long, hears it
  }
  jest.useRealTimers();
  return told as [Told, Told, Told, Told];
}
type Told = { waits: number[]; toldAtOnce: number; toldLate: number };

test("an address that asks for a thousand at once, again and again, keeps nobody else waiting, and is served with what is left", async () => {
  const [, modest, , crowd] = await simulate("reads", 30_000, (now) => [
    [1, now % 5 === 0 ? 1 : 0], // 200 a second
    [3, now % 5_000 === 0 ? 1_000 : 0],
  ]);
  expect([modest.toldAtOnce, modest.toldLate]).toEqual([0, 0]);
  expect(Math.max(...modest.waits)).toBeLessThan(100);
  expect(crowd.waits.length).toBeGreaterThan(2_000); // of some 3,000 that can be
});

test.each([
  ["reads", 1, 2_000],
  ["reads", 2, 3_000],
  ["reads", 3, 4_000],
  ["mutations", 1, 4_000],
  ["mutations", 2, 5_000],
  ["mutations", 3, 6_000],
] as const)(
  "of %s, rank %i is let in after %i ms, though more of the first come than can be done",
  async (side, rank, after) => {
    const told = await simulate(side, 9_000, (now) => [
      [0, side === "reads" ? 1 : 2],
      [rank, now === 500 ? 20 : 0],
    ]);
    const { waits, toldAtOnce, toldLate } = told[rank];
    expect([waits.length, toldAtOnce, toldLate]).toEqual([20, 0, 0]);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(after);
    expect(Math.max(...waits)).toBeLessThan(after + 500); // every fourth turn is one of theirs
  },
);
