import { performance } from "node:perf_hooks";
import { findViolations, invariants, openForLooking } from "../../src/verify";

/** Looks at every invariant of the data behind `url`, and says how long each took. @returns how many are broken */
export async function checkInvariants(url: string, say: (line: string) => void): Promise<number> {
  const db = openForLooking(url);
  let [total, broken] = [0, 0];
  try {
    for (const invariant of invariants) {
      const began = performance.now();
      const found = await findViolations(db, new Date(), invariant);
      const seconds = (performance.now() - began) / 1_000;
      total += seconds;
      broken += found.length > 0 ? 1 : 0;
      say(`${seconds.toFixed(3).padStart(8)} s  ${found.length > 0 ? "BROKEN " : ""}${invariant.name}`);
      for (const { subject, detail } of found.slice(0, 3)) say(`            ${subject}: ${detail}`);
    }
  } finally {
    await db.$disconnect();
  }
  say(`${total.toFixed(3).padStart(8)} s  in all, ${broken} broken`);
  return broken;
}
