import "reflect-metadata";
import { createPlatform } from "../src/app";
import { launch } from "../src/launch";
import { findViolations, invariants } from "../src/verify";

/**
 * Looks for data that breaks an invariant, beside a running server or without one. A line for each invariant, each followed by its
 * counter-examples (at most twenty); ends with code 1 when there are any.
 */
async function main() {
  const { config, stop } = await launch(process.env);
  const platform = createPlatform(config);
  let broken = 0;
  try {
    for (const invariant of invariants) {
      const found = await findViolations(platform.db, platform.clock.now(), invariant);
      if (found.length > 0) broken += 1;
      process.stdout.write(`${found.length > 0 ? "BROKEN" : "OK    "} ${invariant.name}\n`);
      for (const { subject, detail } of found) process.stdout.write(`         ${subject}: ${detail}\n`);
    }
  } finally {
    await platform.db.$disconnect();
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
