import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Comes late to everything for so long, by `turn` each time. */
function beLate(turn: number, milliseconds: number) {
  const over = performance.now() + milliseconds;
  return new Promise<void>((done) => {
    const hold = () => {
      for (const until = performance.now() + turn; performance.now() < until; );
      if (performance.now() < over) setImmediate(hold);
      else done();
    };
    setImmediate(hold);
  });
}

test("a process that comes late to everything doesn't take its database for gone: what is in hand is finished", async () => {
  const inHand = app.db.$queryRaw`SELECT pg_sleep(5)::text AS slept`;
  const [rows] = await Promise.all([inHand, beLate(300, 4_500)]);
  expect(rows).toHaveLength(1);
  expect((await app.ask(null, "mutation { createCart(input: {}) { cart { id } } }")).status).toBe(200);
});
