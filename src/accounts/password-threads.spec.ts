import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { readTestConfig } from "../../test/support/config";
import { createPasswordThreads } from "./password-threads";

const threads = createPasswordThreads(readTestConfig());
afterAll(() => threads.close());

test("what a thread hashes, a thread compares", async () => {
  const hash = await threads.hash("somebody", "a password", 10);
  expect(hash).toMatch(/^\$2b\$10\$/);
  expect(await threads.compare("somebody", "a password", hash)).toBe(true);
  expect(await threads.compare("somebody", "another", hash)).toBe(false);
});

test("a call that breaks its thread fails alone: those behind it are served", async () => {
  const broken = threads.hash("somebody", undefined as never, 10);
  const behind = threads.hash("somebody", "a password", 10);
  await expect(broken).rejects.toThrow("data and salt arguments required");
  expect(await behind).toMatch(/^\$2b\$/);
});

/** Of the threads of this process, as Linux tells it (proc(5)), by number. */
const priorities = () =>
  readdirSync("/proc/self/task").map((thread) => {
    const told = readFileSync(`/proc/self/task/${thread}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return Number(told[16]);
  });

(process.platform === "linux" ? test : test.skip)(
  "hashing gives way to all else: its thread has a lower priority, and no other",
  async () => {
    const own = getPriority();
    await threads.hash("somebody", "a password", 10);
    expect(priorities().filter((priority) => priority > own)).toEqual([own + 10]);
    expect(getPriority()).toBe(own);
  },
);
