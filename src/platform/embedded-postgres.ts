import { createHash } from "node:crypto";
import { join as joinPath, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Cluster, createCluster } from "./embedded-postgres/cluster";
import { forgetConnection, writeConnection } from "./embedded-postgres/connection-file";
import {
  checkReachable,
  closedFolder,
  createDataFolder,
  dataFolder,
  readSecrets,
  type Secrets,
} from "./embedded-postgres/data-folder";
import { join, type Membership, type Roles } from "./embedded-postgres/membership";
import { nativeFolder } from "./embedded-postgres/native-folder";
import { findRunAs } from "./embedded-postgres/run-as";
import { startServer, stopServer } from "./embedded-postgres/server-process";
import { StartError } from "./start-error";

type EmbeddedPostgres = {
  /** Of the role that owns the database and migrates it */
  ownerUrl: string;
  /** Of the role that serves requests: no DDL */
  url: string;
  /** Leaves the database, and stops it when no other process uses it. */
  stop(): Promise<void>;
};

type EmbeddedOptions = {
  dataDir: string;
  /** PostgreSQL settings over ours, e.g. fsync: "off" for tests */
  settings?: Record<string, string | number>;
};

const SUPERUSER = "postgres";
const DATABASE = "tillgraph";
const OWNER = "tillgraph_owner";
export const APP_ROLE = "tillgraph_app";
const ATTEMPTS = 20;

/**
 * Starts the PostgreSQL in `dataDir`, made now when there is none, or joins it when it runs: several servers and scripts may use
 * it at once, and the last to leave stops it. One that was orphaned by kill -9 is simply joined.
 * @throws StartError one line about what is in the way
 */
export async function startEmbeddedPostgres({
  dataDir,
  settings = {},
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = dataFolder(dataDir);
  createDataFolder(folder);
  const runAs = await findRunAs(folder.cluster);
  await checkReachable(folder, runAs);
  const cluster: Cluster = { folder, runAs, settings, native: await nativeFolder(runAs) };
  const secrets = readSecrets(folder);
  await createCluster(cluster, secrets.superuserPassword);
  const { port, membership } = await startAndJoin(cluster, secrets);
  const urls = {
    ownerUrl: urlOf(port, OWNER, secrets.ownerPassword),
    url: urlOf(port, APP_ROLE, secrets.appPassword),
  };
  writeConnection(folder, { port, ...urls });
  return { ...urls, stop: once(() => leave(cluster, membership)) };
}

/**
 * Where data goes when DATA_DIR says nothing: ./data, or, when root started us in a folder that is closed to the database's user, a
 * folder of this project's own under /var/lib.
 */
export async function defaultDataDir(): Promise<string> {
  const here = resolve("data");
  const runAs = await findRunAs(dataFolder(here).cluster);
  if ((await closedFolder(resolve("."), runAs)) === null) return here;
  return joinPath("/var/lib/tillgraph", createHash("sha256").update(here).digest("hex").slice(0, 12));
}

async function startAndJoin(cluster: Cluster, secrets: Secrets) {
  const roles: Roles = {
    database: DATABASE,
    owner: { name: OWNER, password: secrets.ownerPassword },
    app: { name: APP_ROLE, password: secrets.appPassword },
  };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { port, started } = await startServer(cluster);
    const membership = await joinOrStop(
      cluster,
      started,
      urlOf(port, SUPERUSER, secrets.superuserPassword, "postgres"),
      roles,
    );
    if (membership) return { port, membership };
    await wait(100 * attempt); // it was just being stopped
  }
  throw new StartError(`The embedded PostgreSQL in ${cluster.folder.path} stops as often as it is started.`);
}

/** A server that we started and cannot join is not left running. */
async function joinOrStop(cluster: Cluster, started: boolean, superuserUrl: string, roles: Roles) {
  try {
    return await join(superuserUrl, roles);
  } catch (error) {
    if (started) await stopServer(cluster);
    throw error;
  }
}

const urlOf = (port: number, role: string, password: string, database = DATABASE) =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

async function leave(cluster: Cluster, membership: Membership) {
  if (!(await membership.leave())) return;
  await stopServer(cluster);
  forgetConnection(cluster.folder);
}

function once(work: () => Promise<void>) {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
