import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { projectRoot } from "../../src/platform/project-root";
import { openConnection } from "../driver/connection";
import { type Insides, LOOK } from "./insides";

/** The built files: this one is dist/bench/shop/server.js. */
const DIST = join(__dirname, "../..");
const START_LIMIT_MS = 60_000;
/** Until what it had to do meanwhile is done. */
const WAKE_MS = 100;
/** What `npm start` tells Node; the raw limit gets the same. */
const START_FLAGS = startFlags();

export type Server = {
  url: string;
  pid: number;
  /** From the start of its process to its first answer, in milliseconds */
  startedInMs: number;
  /** What it holds after a collection of its garbage; only of one that was started to be looked into */
  look(): Promise<Insides>;
  /** It and its workers stand still, whatever they are at: a server beside the one that is measured would do its jobs for it, and take its time. */
  pause(): void;
  /** Goes on while `work` runs, and is paused again. */
  awakeFor<Found>(work: () => Promise<Found>): Promise<Found>;
  stop(): Promise<void>;
};
/** Not secret: it seals made-up people in a database that goes at the end. */
export const SECRETS = {
  MASTER_KEY: Buffer.alloc(32, "bench").toString("base64"),
  TOKEN_SECRET: "tillgraph bench ".repeat(3),
};

/** Our server as production runs it, on the sandbox's payments; not throttled, as one address stands for all buyers. */
export const startShop = (settings: Record<string, string>, flags: string[] = []): Promise<Server> =>
  start(
    "src/main.js",
    {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: "0",
      LOG_LEVEL: "error",
      SANDBOX_PAYMENTS: "true",
      THROTTLE: "off",
      ...SECRETS,
      ...settings,
    },
    flags,
  );

/** The same, and it can be looked into. */
export const startOpenShop = (settings: Record<string, string>): Promise<Server> =>
  startShop(settings, ["--expose-gc", "--require", join(__dirname, "insides.js")]);

export const startRaw = (databaseUrl: string): Promise<Server> =>
  start("bench/raw/main.js", { DATABASE_URL: databaseUrl });

async function start(file: string, settings: Record<string, string>, flags: string[] = []): Promise<Server> {
  const began = performance.now();
  const child = spawn(process.execPath, [...START_FLAGS, ...flags, join(DIST, file)], {
    env: { PATH: process.env.PATH ?? "", ...settings },
    cwd: "/", // a .env file of whoever measures is not for it
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true, // a group of its own, so that a signal reaches its workers, too
  });
  const signalAll = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid as number), signal);
    } catch (error) {
      if ((error as { code?: string }).code !== "ESRCH") throw error; // it has ended
    }
  };
  const endWithUs = () => signalAll("SIGKILL");
  process.once("exit", endWithUs);
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const url = await openAddress(child, ended);
  const connection = openConnection(url);
  const { status, body } = await connection.post('{"query":"{ __typename }"}');
  connection.close();
  if (status !== 200) throw new Error(`${file} answers its first question with ${status}: ${body}`);
  return {
    url,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - began,
    async look() {
      child.send(LOOK);
      const [seen] = await once(child, "message");
      return seen as Insides;
    },
    pause: () => void signalAll("SIGSTOP"),
    async awakeFor(work) {
      signalAll("SIGCONT");
      await wait(WAKE_MS);
      return work().finally(() => signalAll("SIGSTOP"));
    },
    async stop() {
      signalAll("SIGCONT");
      child.kill("SIGTERM");
      await ended;
      process.off("exit", endWithUs);
    },
  };
}

/** What it says when it is open. */
function openAddress(child: ChildProcess, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const refuse = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`A server did not start (${why}): ${output}`));
    };
    const limit = setTimeout(() => refuse("too slow"), START_LIMIT_MS);
    void ended.then(() => refuse("it ended"));
    child.stderr?.on("data", (part) => (output += part));
    child.stdout?.on("data", (part) => {
      output += part;
      const url = /is open: (http\S+)/.exec(output)?.[1];
      if (!url) return;
      clearTimeout(limit);
      resolve(url);
    });
  });
}

function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  return scripts.start.match(/--\S+/g) ?? [];
}
