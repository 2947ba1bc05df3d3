import { createPace } from "./pace";

/** A line from which so many go in each `everyMs`, from `from` on for ten seconds. */
function move(pace: ReturnType<typeof createPace>, from: number, everyMs: number, atOnce = 1) {
  pace.begin(from);
  for (let now = from; now <= from + 10_000; now += everyMs)
    for (let moved = 0; moved < atOnce; moved++) pace.move(now);
  return from + 10_000;
}

test("how slowly a line moved is known a moment later, and forgotten when nobody has waited for a while", () => {
  const pace = createPace();
  const end = move(pace, 0, 30);
  pace.begin(end + 1_000);
  expect(pace.interval()).toBeGreaterThan(28);
  expect(pace.interval()).toBeLessThan(31);
  pace.begin(end + 7_000);
  expect(pace.interval()).toBe(1);
});

test("that many go in at once, and then nobody for long, is a pace, too", () => {
  const pace = createPace();
  move(pace, 0, 1_000, 50);
  expect(pace.interval()).toBeGreaterThan(14);
  expect(pace.interval()).toBeLessThan(26);
});

test("a pause of a second makes a quick line no slow one", () => {
  const pace = createPace();
  const end = move(pace, 0, 5);
  pace.move(end + 1_000);
  expect(pace.interval()).toBeLessThan(8);
});

test("how long those waited who were alone tells nothing of how quickly a line would move", () => {
  const pace = createPace();
  for (let now = 0; now < 10_000; now += 100) {
    pace.begin(now);
    pace.move(now + 50);
  }
  expect(pace.interval()).toBe(1);
});

test("a line stands still from when somebody waits, or from when the last one went in", () => {
  const pace = createPace();
  pace.begin(1_000);
  expect(pace.stoodFor(1_300)).toBe(300);
  pace.move(1_400);
  expect(pace.stoodFor(1_500)).toBe(100);
});

test("a line in which all waited in vain is known to be slow, until nobody has waited for a while", () => {
  const pace = createPace();
  pace.begin(0);
  for (let now = 10_000; now < 11_000; now++) pace.giveUp(now);
  pace.begin(11_500);
  expect(pace.interval()).toBeGreaterThan(1_000);
  pace.begin(17_000);
  expect(pace.interval()).toBe(1);
});

test("a line that moves again after all had waited in vain is soon known to be quick", () => {
  const pace = createPace();
  pace.begin(0);
  pace.giveUp(10_000);
  const end = move(pace, 10_500, 5);
  pace.begin(end + 100);
  expect(pace.interval()).toBeLessThan(7);
});
