import { seedDemo } from "../prisma/seed";
import { createApp } from "./app";
import { banner } from "./banner";
import { launch } from "./launch";

/** launch → createApp → seed → listen → close on a signal. */
async function main() {
  const { config, stop } = await launch(process.env);
  const app = await createApp(config);
  const seeded = !config.production && (await seedDemo(app.platform));
  const address = await app.listen();
  await app.startBackground();
  process.stdout.write(banner(config, address, seeded));

  const close = async () => {
    await app.close();
    await stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
}
main();
