import { networkOf } from "./caller";
import { createLevels } from "./levels";
import { memoryBuckets } from "./memory-buckets";

const refill = { bucket: 50_000, restoreRate: 5_000 };
const address = (n: number) => `address 10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

test("100,000 addresses at once keep no more than the most, and whoever was there last keeps his level", async () => {
  const levels = createLevels(refill);
  const buckets = memoryBuckets(refill, levels);
  for (let n = 0; n < 100_000; n++) await buckets.take(address(n), 10_000, 0);
  expect(levels.size).toBe(50_000);
  expect([buckets.peek(address(99_999), 0), buckets.peek(address(50_000), 0)]).toEqual([40_000, 40_000]);
  expect(buckets.peek(address(0), 0)).toBe(50_000);
});

test("callers who stay away are forgotten as others come", async () => {
  const levels = createLevels(refill);
  const buckets = memoryBuckets(refill, levels);
  for (let n = 0; n < 1_000; n++) await buckets.take(address(n), 1, 0);
  for (let n = 1_000; n < 2_000; n++) await buckets.take(address(n), 1, 10_000);
  expect(levels.size).toBe(1_000);
});

test("a clock that goes back neither fills a bucket nor forgets it", async () => {
  const buckets = memoryBuckets(refill);
  await buckets.take("a", 50_000, 10_000);
  expect(await buckets.take("a", 1, 5_000)).toEqual({ granted: false, available: 0 });
  expect(await buckets.take("a", 1, 10_100)).toEqual({ granted: true, available: 499 });
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:0db8:0000:0000:1:2:3:4", "2001:db8:0:0::/64"],
  ["2001:db8:a:b:c:d:192.0.2.7", "2001:db8:a:b::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
  ["no address; but long".repeat(1_000), "unknown"],
])("the network of %s", (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
