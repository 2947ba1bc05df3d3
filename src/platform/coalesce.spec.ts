import { type Batch, coalesce } from "./coalesce";
import type { RawReads } from "./raw-statements";

/** Answers when it is told to, each key with itself in capitals; "x" is not there. */
function aDatabase() {
  const asked: { keys: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const batch: Batch<string> = (_reads, keys) =>
    new Promise((done, fail) => {
      const known = keys.filter((key) => key !== "x");
      asked.push({ keys, answer: () => done(new Map(known.map((key) => [key, key.toUpperCase()]))), fail });
    });
  return { asked, batch, reads: aSource() };
}
const aSource = () => ({ $queryRaw: jest.fn(), $queryRawAs: jest.fn() }) as unknown as RawReads;
const settled = () => new Promise((done) => setImmediate(done));

test("whoever asks first waits for nobody; who asks meanwhile is answered by one next statement", async () => {
  const { asked, batch, reads } = aDatabase();
  const first = coalesce(reads, batch, ["a"]);
  await settled();
  const others = [
    ["b", "c"],
    ["c", "x"],
  ].map((keys) => coalesce(reads, batch, keys));
  await settled();
  expect(asked.map(({ keys }) => keys)).toEqual([["a"]]);
  asked[0]?.answer();
  expect((await first).get("a")).toBe("A");
  await settled();
  expect(asked.map(({ keys }) => keys)).toEqual([["a"], ["b", "c", "x"]]);
  asked[1]?.answer();
  const [one, other] = await Promise.all(others);
  expect([one?.get("b"), one?.get("c"), other?.get("c"), other?.get("x")]).toEqual([
    "B",
    "C",
    "C",
    undefined,
  ]);
});

test("who asks while the answer is on its way is not given that one: it may be older than the question", async () => {
  const { asked, batch, reads } = aDatabase();
  const first = coalesce(reads, batch, ["a"]);
  await settled();
  const second = coalesce(reads, batch, ["a"]);
  asked[0]?.answer();
  await first;
  await settled();
  expect(asked).toHaveLength(2);
  asked[1]?.answer();
  expect((await second).get("a")).toBe("A");
});

test("a fault is everyone's who asked with it, and nobody else's", async () => {
  const { asked, batch, reads } = aDatabase();
  const together = [coalesce(reads, batch, ["a"]), coalesce(reads, batch, ["b"])];
  await settled();
  const next = coalesce(reads, batch, ["c"]);
  asked[0]?.fail(new Error("gone"));
  for (const { status } of await Promise.allSettled(together)) expect(status).toBe("rejected");
  await settled();
  asked[1]?.answer();
  expect((await next).get("c")).toBe("C");
});

test("another source, and another batch, are asked for themselves", async () => {
  const { asked, batch, reads } = aDatabase();
  const elsewhere = aDatabase();
  void coalesce(reads, batch, ["a"]);
  void coalesce(aSource(), batch, ["a"]);
  void coalesce(reads, elsewhere.batch, ["a"]);
  await settled();
  expect([asked.length, elsewhere.asked.length]).toEqual([2, 1]);
});
