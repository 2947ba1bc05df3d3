/**
 * The built server as main.ts runs it, on a database that is migrated, in the hands of a test (its parent process): it kills itself, as
 * kill -9 would, when a fault point is reached for the nth time; its clock can be moved; its sweeps also run when they are told to.
 */
const { resolve } = require("node:path");

const dist = (name) => require(resolve(__dirname, "../../../dist/src", name));
const { createApp } = dist("app.js");
const { readConfig } = dist("platform/config.js");
const { features } = dist("schema.js");

let movedMs = Number(process.env.CLOCK_MOVED_MS);
const clock = { now: () => new Date(Date.now() + movedMs) };

let armed = null;
async function reached(point) {
  if (point !== armed?.point) return;
  armed.nth -= 1;
  if (armed.nth > 0) return;
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => {}); // not a step further
}

async function main() {
  const app = await createApp(readConfig(process.env), { clock, reached });
  const url = await app.listen();
  await app.startBackground();
  const { platform } = app;
  const sweeps = [...features, ...platform.services.providers].flatMap((part) => part.sweeps ?? []);
  const orders = {
    arm: async (point) => {
      armed = point;
    },
    advance: async (milliseconds) => {
      movedMs += milliseconds;
    },
    sweep: async () => {
      for (const sweep of sweeps) await sweep.run(platform, new AbortController().signal);
    },
    stop: async () => {
      await app.close();
    },
  };
  process.on("message", ({ id, order, about }) => {
    orders[order](about).then(
      () => process.send({ id }),
      (error) => process.send({ id, error: error.stack }),
    );
  });
  process.on("disconnect", () => process.exit(1)); // the test is gone
  process.send({ url });
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
