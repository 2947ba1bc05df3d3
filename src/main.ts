import "reflect-metadata";
import cluster from "node:cluster";
import { refuseDemoLogins, seedDemo } from "../prisma/seed";
import { createApp, createPlatform } from "./app";
import { banner } from "./banner";
import { type Launch, launch } from "./launch";
import { type Config, readConfig } from "./platform/config";
import type { Platform } from "./platform/context";
import { checkNode, warnAtStart } from "./start-checks";
import { superviseWorkers } from "./workers";

/** launch → seed → createApp → listen → leave and close on a signal; with several workers, each of them from createApp on. */
async function main() {
  checkNode(process.version);
  const signal = untilSignal(); // from the first moment: a start that is cut short has a database to stop, too
  if (cluster.isWorker) return serveAsWorker(signal);
  const launched = await launch(process.env);
  try {
    await (launched.config.limits.workers > 1 ? serveTogether : serveAlone)(launched, signal);
  } finally {
    await launched.stop();
  }
}

async function serveAlone({ config }: Launch, signal: Promise<void>) {
  let demo: Demo = null;
  const prepare = async (platform: Platform) => {
    demo = await prepareShop(platform);
  };
  await serve(config, signal, { prepare, onOpen: (address) => announce(config, address, demo) });
}

/** The shop is prepared once, by this process; what serves it are its workers. */
async function serveTogether({ config, environment }: Launch, signal: Promise<void>) {
  const platform = createPlatform(config);
  const demo = await prepareShop(platform).finally(() => platform.db.$disconnect());
  const onOpen = (address: string) => announce(config, address, demo);
  await superviseWorkers({ count: config.limits.workers, environment, log: platform.log, signal, onOpen });
}

const serveAsWorker = (signal: Promise<void>) =>
  serve(readConfig(process.env), signal, { onOpen: (address) => process.send?.({ address }) });

type Demo = Awaited<ReturnType<typeof seedDemo>>;

async function prepareShop(platform: Platform): Promise<Demo> {
  await warnAtStart(platform, process.version);
  if (!platform.config.production) return seedDemo(platform);
  await refuseDemoLogins(platform);
  return null;
}

function announce(config: Config, address: string, demo: Demo) {
  process.stdout.write(banner(config, address, demo));
}

type Serving = { prepare?: (platform: Platform) => Promise<void>; onOpen: (address: string) => void };

async function serve(config: Config, signal: Promise<void>, { prepare, onOpen }: Serving) {
  const app = await createApp(config);
  // A library's promise that nobody waited for is no reason to cut off every buyer.
  process.on("unhandledRejection", (err) =>
    app.platform.log.error({ err }, "a fault outside of any request"),
  );
  try {
    await prepare?.(app.platform);
    const address = await app.listen();
    await app.startBackground();
    onOpen(address);
    await signal;
    await app.leave();
  } finally {
    await app.close();
  }
}

/** One Ctrl-C reaches us twice when npm passes on what the terminal sent us already; workers hear it from their supervisor, too. */
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
