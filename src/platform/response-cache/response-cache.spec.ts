import type { Notifications } from "../notifications";
import { createResponseCache } from "./response-cache";

function aCache(bytes = 10_000) {
  let heard = () => {};
  const line = { up: true };
  const notifications = {
    subscribe: (_channel: string, listener: () => void) => {
      heard = listener;
    },
    listening: () => line.up,
  };
  const cache = createResponseCache(bytes, notifications as unknown as Notifications);
  const keep = (key: string, size = 10, at = cache.moment()) => {
    if (at !== null) cache.keep(key, { contentType: "application/json", head: Buffer.alloc(size) }, at);
  };
  return { cache, keep, line, change: () => heard() };
}

test("an answer is found until something changes", () => {
  const { cache, keep, change } = aCache();
  keep("a");
  expect(cache.find("a")?.head).toHaveLength(10);
  change();
  expect(cache.find("a")).toBeUndefined();
});

test("what was read before a change is not kept after it", () => {
  const { cache, keep, change } = aCache();
  const before = cache.moment();
  change();
  keep("a", 10, before);
  expect(cache.find("a")).toBeUndefined();
});

test("nothing is kept while no changes are heard of", () => {
  const { cache, keep, line } = aCache();
  line.up = false;
  expect(cache.moment()).toBeNull();
  keep("a");
  expect(cache.find("a")).toBeUndefined();
});

test("answers and their keys stay within the bytes given; what was not asked for longest goes first", () => {
  const { cache, keep } = aCache(10_000);
  for (const key of ["a", "b", "c", "d"]) keep(key, 2_000);
  cache.find("a");
  keep("e", 2_000);
  const left = ["a", "b", "c", "d", "e"].filter((key) => cache.find(key));
  expect(left).toEqual(["a", "c", "d", "e"]);
  keep("f".repeat(20_000));
  keep("g", 20_000);
  expect([cache.find("f".repeat(20_000)), cache.find("g")]).toEqual([undefined, undefined]);
  const long = "ж".repeat(6_000); // two bytes each in memory
  keep(long);
  expect(cache.find(long)).toBeUndefined();
});
