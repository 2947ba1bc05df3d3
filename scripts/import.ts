import "reflect-metadata";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createPlatform } from "../src/app";
import { type ImportCounts, ImportFileError, importProducts, type RefusedRow } from "../src/catalog";
import { launch } from "../src/launch";

const USAGE = "npm run import -- FILE.csv    (a product export in Shopify's CSV format)";
/** How often progress is told where no terminal can redraw its line. */
const EVERY_MS = 5_000;

/**
 * Imports a file into the shop, beside a running server or without one. Refused rows go to stderr as FILE:LINE: HANDLE: REASON. Ends
 * with code 0 when the whole file was read, refused rows or not; with 1 and one line when it could not be.
 */
async function main(file: string | undefined) {
  if (!file) throw new ImportFileError(USAGE);
  const input = createReadStream(file);
  await opened(input, file);
  const { config, stop } = await launch(process.env);
  const platform = createPlatform(config);
  const progress = reporter(performance.now());
  try {
    const counts = await importProducts(platform, input, {
      onProgress: progress.tell,
      onRefused: ({ line, handle, reason }: RefusedRow) => {
        progress.clear();
        process.stderr.write(
          `${file}:${line}: ${printable(handle) || "(no handle)"}: ${printable(reason)}\n`,
        );
      },
    });
    progress.clear();
    process.stdout.write(`${summary(basename(file), counts)} in ${progress.seconds().toFixed(1)} s\n`);
  } catch (error) {
    progress.clear();
    throw told(file, error);
  } finally {
    await platform.db.$disconnect();
    await stop();
  }
}

/** Cells are somebody else's: a terminal would act on control characters in them. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, "\uFFFD");

/** Waits until the file is open, so that a wrong name is told before a database is started. */
const opened = (input: ReturnType<typeof createReadStream>, file: string) =>
  new Promise<void>((resolve, reject) => {
    input.once("ready", resolve);
    input.once("error", (error) => reject(new ImportFileError(`${file} cannot be read: ${error.message}`)));
  });

/** A fault of the file is told with its name; reading a folder, for one, fails only now. */
function told(file: string, error: unknown) {
  if (error instanceof ImportFileError) return new ImportFileError(`${file}: ${error.message}`);
  const { syscall, message } = error as NodeJS.ErrnoException;
  return syscall === "read" ? new ImportFileError(`${file} cannot be read: ${message}`) : error;
}

const summary = (file: string, { rows, created, updated, unchanged, refused }: ImportCounts) =>
  `${file}: ${created} products created, ${updated} updated, ${unchanged} unchanged; ${rows} rows, ${refused} of them refused`;

/** A line that redraws itself on a terminal, else one every few seconds. */
function reporter(start: number) {
  const { stderr } = process;
  const seconds = () => (performance.now() - start) / 1_000;
  let last = start;
  return {
    seconds,
    tell(counts: ImportCounts) {
      const rate = Math.round(counts.rows / seconds());
      const products = counts.created + counts.updated + counts.unchanged;
      const text = `${counts.rows} rows, ${products} products, ${counts.refused} refused, ${rate} rows/s`;
      if (stderr.isTTY) return void stderr.write(`\r\x1b[K${text}`);
      if (performance.now() - last < EVERY_MS) return;
      last = performance.now();
      stderr.write(`${text}\n`);
    },
    clear() {
      if (stderr.isTTY) stderr.write("\r\x1b[K");
    },
  };
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
