import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Whoever goes takes what is his along by hand, in a statement of its own, and seldom: once an account is erased. */
const SELDOM = /_account_id_fkey$|_data_key_id_fkey$/;

test("what belongs to a row that goes is found through an index, not by reading everybody's", async () => {
  const unfound = await app.db.$queryRaw<{ name: string }[]>`
    SELECT conname AS name FROM pg_constraint c WHERE contype = 'f' AND NOT EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND i.indkey[0] = ANY(c.conkey))`;
  expect(unfound.map(({ name }) => name).filter((name) => !SELDOM.test(name))).toEqual([]);
});
