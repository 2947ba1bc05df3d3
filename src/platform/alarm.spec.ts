import { createAlarm } from "./alarm";

const START = performance.now();
beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** After how many milliseconds a wait was over */
async function heard(rung: Promise<void>): Promise<number> {
  const began = performance.now();
  let after: number | null = null;
  void rung.then(() => (after = performance.now() - began));
  while (after === null && performance.now() - began < 1_000) await jest.advanceTimersByTimeAsync(1);
  return Math.round(after ?? Number.POSITIVE_INFINITY);
}

test("it rings when it was asked to first, whoever asks for later", async () => {
  const alarm = createAlarm();
  alarm.within(50);
  alarm.within(200);
  expect(await heard(alarm.ringsWithin(100))).toBe(50);
});

test("who waits is woken earlier when somebody asks for it meanwhile", async () => {
  const alarm = createAlarm();
  const rung = alarm.ringsWithin(null);
  await jest.advanceTimersByTimeAsync(500);
  alarm.within(20);
  expect(await heard(rung)).toBe(20);
});

test("it rings again and again, and unheard it is over", async () => {
  const alarm = createAlarm();
  alarm.within(10);
  await jest.advanceTimersByTimeAsync(30);
  expect(await heard(alarm.ringsWithin(40))).toBe(40);
  expect(await heard(alarm.ringsWithin(40))).toBe(40);
});
