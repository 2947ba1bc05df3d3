import { seedDemo } from "../prisma/seed";
import { createApp } from "./app";
import { banner } from "./banner";
import { launch } from "./launch";
import { checkNode, warnAtStart } from "./start-checks";

/** launch → createApp → seed → listen → close on a signal. */
async function main() {
  checkNode(process.version);
  const { config, stop } = await launch(process.env);
  try {
    const app = await createApp(config);
    await warnAtStart(app.platform, process.version);
    const demo = config.production ? null : await seedDemo(app.platform);
    const address = await app.listen();
    await app.startBackground();
    process.stdout.write(banner(config, address, demo));
    await untilSignal();
    await app.close();
  } finally {
    await stop();
  }
}

/** Ctrl-C and SIGTERM end the server in order; a second one ends it at once. */
const untilSignal = () =>
  new Promise<void>((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
  });

main().then(
  () => process.exit(0),
  (error: Error & { code?: string; port?: number }) => {
    const busy = error.code === "EADDRINUSE" ? `Port ${error.port} is taken by another program: set PORT.` : null;
    process.stderr.write(`${busy ?? error.message}\n`);
    process.exit(1);
  },
);
