import "reflect-metadata";
import { refuseDemoLogins, seedDemo } from "../prisma/seed";
import { type App, createApp } from "./app";
import { banner } from "./banner";
import { launch } from "./launch";
import type { Config } from "./platform/config";
import { checkNode, warnAtStart } from "./start-checks";

/** launch → createApp → seed → listen → leave and close on a signal. */
async function main() {
  checkNode(process.version);
  const signal = untilSignal(); // from the first moment: a start that is cut short has a database to stop, too
  const { config, stop } = await launch(process.env);
  try {
    await serve(await createApp(config), config, signal);
  } finally {
    await stop();
  }
}

async function serve(app: App, config: Config, signal: Promise<void>) {
  // A library's promise that nobody waited for is no reason to cut off every buyer.
  process.on("unhandledRejection", (err) =>
    app.platform.log.error({ err }, "a fault outside of any request"),
  );
  try {
    await warnAtStart(app.platform, process.version);
    if (config.production) await refuseDemoLogins(app.platform);
    const demo = config.production ? null : await seedDemo(app.platform);
    const address = await app.listen();
    await app.startBackground();
    process.stdout.write(banner(config, address, demo));
    await signal;
    await app.leave();
  } finally {
    await app.close();
  }
}

/** One Ctrl-C reaches us twice when npm passes on what the terminal sent us already. */
const SAME_SIGNAL_MS = 1_000;

/** Requests in hand and a provider's answer take less; the database is asked to stop after them. */
const LEAVE_LIMIT_MS = 30_000;

/** Ctrl-C and SIGTERM end the server in order; another one later ends it at once. */
const untilSignal = () =>
  new Promise<void>((resolve) => {
    onSignal(() => {
      resolve();
      setTimeout(() => onSignal(() => process.exit(1)), SAME_SIGNAL_MS).unref();
      setTimeout(() => process.exit(1), LEAVE_LIMIT_MS).unref(); // something hangs: whoever manages us would kill us, too
    });
  });

function onSignal(listener: () => void) {
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, listener);
}

main().then(
  () => process.exit(0),
  (error: Error & { code?: string; port?: number }) => {
    const busy =
      error.code === "EADDRINUSE" ? `Port ${error.port} is taken by another program: set PORT.` : null;
    process.stderr.write(`${busy ?? error.message}\n`);
    process.exit(1);
  },
);
