import type { Platform } from "../../src/platform/context";
import { verify } from "../../src/verify";

/** What `npm run verify` checks, after all that a test file did to its database. */
export async function expectBooksInOrder(platform: Platform) {
  expect(await verify(platform)).toEqual([]);
}
