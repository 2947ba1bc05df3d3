import { createPace } from "./pace";

test("how slowly lines moved is known a moment later, and forgotten when nobody has waited for a while", () => {
  const pace = createPace();
  pace.begin(0);
  for (let left = 1; left <= 300; left++) pace.count(left * 30);
  pace.begin(10_000);
  expect(pace.interval()).toBeCloseTo(30);
  pace.begin(16_000);
  expect(pace.interval()).toBeLessThanOrEqual(1);
});
