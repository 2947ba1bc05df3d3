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
  const each = pace.wait(100, end + 1_000) / 100;
  expect(each).toBeGreaterThan(28);
  expect(each).toBeLessThan(31);
  pace.begin(end + 7_000);
  expect(pace.wait(100, end + 7_000)).toBe(100);
});

test("that many go in at once, and then nobody for long, is a pace, too", () => {
  const pace = createPace();
  const end = move(pace, 0, 1_000, 50);
  const each = pace.wait(100, end) / 100;
  expect(each).toBeGreaterThan(14);
  expect(each).toBeLessThan(26);
});

test("a pause of a second makes a quick line no slow one", () => {
  const pace = createPace();
  const end = move(pace, 0, 5);
  pace.move(end + 1_000);
  expect(pace.wait(100, end + 1_000) / 100).toBeLessThan(8);
});

test("how long those waited who were alone tells nothing of how quickly a line would move", () => {
  const pace = createPace();
  for (let now = 0; now < 10_000; now += 100) {
    pace.begin(now);
    pace.move(now + 50);
  }
  expect(pace.wait(100, 9_950)).toBe(100);
});

test("while nobody goes in one waits at least as long as nobody has", () => {
  const pace = createPace();
  const end = move(pace, 0, 5);
  expect(pace.wait(1, end + 4_000)).toBe(4_000);
});
