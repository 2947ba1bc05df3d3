import "reflect-metadata";
import { launch } from "../src/launch";
import { systemClock } from "../src/platform/clock";
import { findViolations, invariants, openForLooking } from "../src/verify";

/**
 * Looks for data that breaks an invariant, beside a running server or without one. A line for each invariant, each followed by its
 * counter-examples (at most twenty); ends with code 1 when there are any.
 */
async function main() {
  const { config, stop } = await launch(process.env);
  if (!config.database.url) throw new Error("a launched shop has a database");
  const db = openForLooking(config.database.url);
  let broken = 0;
  try {
    for (const invariant of invariants) {
      const found = await findViolations(db, systemClock.now(), invariant);
      if (found.length > 0) broken += 1;
      process.stdout.write(`${found.length > 0 ? "BROKEN" : "OK    "} ${invariant.name}\n`);
      for (const { subject, detail } of found) process.stdout.write(`         ${subject}: ${detail}\n`);
    }
  } finally {
    await db.$disconnect();
    await stop();
  }
  process.stdout.write(
    broken > 0
      ? `${broken} of ${invariants.length} invariants are broken.\n`
      : `All ${invariants.length} invariants hold.\n`,
  );
  return broken > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
