import "reflect-metadata";
import { parseArgs } from "node:util";
import { createPlatform } from "../src/app";
import { launch } from "../src/launch";
import { describeDrift, reconcile } from "../src/settlement";

const LONGEST_DAYS = 366;

/** The days to look back: `-- --days N`. @throws when it is no number of days */
function readDays(): number {
  const { values } = parseArgs({ options: { days: { type: "string", default: "7" } } });
  const days = Number(values.days);
  if (!/^\d+$/.test(values.days) || days < 1 || days > LONGEST_DAYS)
    throw new Error(`--days takes a number from 1 to ${LONGEST_DAYS}`);
  return days;
}

/**
 * Settles what is open, then compares the providers' books with ours, beside a running server or without one. A line for each difference; ends
 * with code 1 when there is one, or when a provider's books could not be read.
 */
async function main() {
  const days = readDays();
  const { config, stop } = await launch(process.env);
  const platform = createPlatform(config);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const { drifts, unread, inReview } = await reconcile(platform, days, (drift) =>
      print(`DRIFT  ${describeDrift(drift)}`),
    );
    for (const provider of unread)
      print(`UNREAD ${provider}: its books could not be read, so not all is compared`);
    if (inReview > 0) print(`REVIEW ${inReview} of the providers' events wait for a person`);
    const sound = drifts === 0 && unread.length === 0;
    print(
      sound
        ? `The books of the last ${days} days agree.`
        : `Differences in the last ${days} days: ${drifts}.`,
    );
    return sound ? 0 : 1;
  } finally {
    await platform.db.$disconnect();
    await stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
