import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { createLoginsInHand, createPasswordThreads, identify, keepSessions } from "./accounts";
import { adoptCart } from "./checkout";
import { createProviders, type PaymentProvider } from "./payments";
import { type Clock, systemClock } from "./platform/clock";
import type { Config } from "./platform/config";
import type { Platform } from "./platform/context";
import { createClient } from "./platform/database";
import { nothingHappens, type Reached } from "./platform/fault-points";
import { createApollo } from "./platform/http/apollo";
import { closeDoor, leave, openDoor } from "./platform/http/door";
import { hearOwnChanges } from "./platform/http/own-changes";
import { GRAPHQL_PATH } from "./platform/http/paths";
import { createHttpServer } from "./platform/http/server";
import { startBackground } from "./platform/jobs";
import { createLog, type Logger } from "./platform/log";
import { createDelivery, mailJob } from "./platform/mail";
import { CATALOG_CHANGED, createNotifications, SESSIONS_CHANGED } from "./platform/notifications";
import { openPool } from "./platform/pool/pool";
import { openReplica } from "./platform/replica";
import { openResponseCache } from "./platform/response-cache/open-response-cache";
import { createThrottle } from "./platform/throttle/throttle";
import { createVault } from "./platform/vault";
import { createSchema, features, namesOf, nodes, rules } from "./schema";

/** What tests put in the place of the real parts. */
export type Overrides = { clock?: Clock; log?: Logger; providers?: PaymentProvider[]; reached?: Reached };

/** The parts without the HTTP side: what scripts work with. */
export function createPlatform(config: Config, overrides: Overrides = {}): Platform {
  const { clock = systemClock, log = createLog(config.log.level), reached = nothingHappens } = overrides;
  if (!config.database.url) throw new Error("createPlatform needs a database address");
  const { replicaUrl } = config.database;
  const limits = { size: config.database.pool, queue: config.limits.queue };
  const pool = openPool(config.database.url, limits, {
    onAway: () => log.error("the database does not answer: everything that needs it is refused"),
    onBack: () => log.warn("the database answers again"),
  });
  const db = createClient(pool, (error) => log.warn({ err: error }, "lost a database connection"));
  const vault = createVault(config.security.masterKey, config.security.tokenSecret);
  const throttle = createThrottle({ config, db, clock, vault });
  const notifications = createNotifications(config.database.url, log);
  const { listening } = notifications;
  const replica =
    replicaUrl === null ? null : openReplica({ primary: db, url: replicaUrl, limits, log, listening });
  if (replica) notifications.subscribe(CATALOG_CHANGED, replica.changed);
  const parts = {
    config,
    db,
    pool,
    clock,
    log,
    vault,
    throttle,
    notifications,
    replica,
    reached,
    giveWay: () => true, // jobs have no place
    address: { own: null },
  };
  const providers = overrides.providers ?? createProviders(parts);
  const passwords = createPasswordThreads(config);
  const sessions = keepSessions(config, notifications);
  const loginsInHand = createLoginsInHand();
  return { ...parts, services: { nodes, adoptCart, providers, passwords, loginsInHand, sessions } };
}

/** Builds the whole server by hand, in order; nothing listens and nothing runs in the background yet. */
export async function createApp(config: Config, overrides: Overrides = {}) {
  const platform = createPlatform(config, overrides);
  const schema = createSchema();
  const kept = openResponseCache(platform, { schema, rules, cacheable: namesOf("cacheable") });
  const hearing = hearOwnChanges(platform.notifications, {
    [CATALOG_CHANGED]: namesOf("sparesCatalog"),
    [SESSIONS_CHANGED]: namesOf("sparesSessions"),
  });
  const apollo = createApollo(schema, platform, [hearing, ...(kept ? [kept.plugin] : [])]);
  await apollo.start();
  const door = openDoor();
  const { providers } = platform.services;
  const routes = [...features, ...providers].flatMap(({ routes }) => routes ?? []);
  const server = await createHttpServer(
    { platform, apollo, identify, cache: kept?.cache ?? null, door, urgent: namesOf("urgent") },
    routes,
  );
  let stopBackground = async () => {};

  return {
    platform,
    /** Takes requests from now on. @returns the address of the API, with the port that was free when 0 was asked for */
    async listen() {
      const { host, port } = config.http;
      platform.notifications.start();
      await server.listen({ host, port });
      const { port: taken } = server.server.address() as AddressInfo;
      platform.address.own = `http://${host.includes(":") ? `[${host}]` : host}:${taken}`;
      return `${platform.address.own}${GRAPHQL_PATH}`;
    },
    /** Sends mails and settles what a crash left open, beside the requests. */
    async startBackground() {
      const templates = Object.assign({}, ...features.map((feature) => feature.mails));
      const sweeps = [...features, ...providers].flatMap(({ sweeps }) => sweeps ?? []);
      const jobs = Object.assign({}, ...features.map((feature) => feature.jobs));
      const sendMail = mailJob(templates, createDelivery(config));
      stopBackground = await startBackground(platform, { ...jobs, sendMail }, sweeps);
    },
    /** Sends clients and balancers elsewhere, still answering: what is on its way to a closed door would be lost. */
    leave: () => leave(door),
    /** Takes no new requests, begins no more background work, finishes both in hand, then lets go of the database. */
    async close() {
      await Promise.all([closeDoor(server, door), stopBackground()]); // each may wait for a provider: not one after the other
      await Promise.all([apollo.stop(), platform.services.passwords.close()]);
      await Promise.all([platform.replica?.close(), platform.notifications.close()]);
      await platform.db.$disconnect();
    },
  };
}
export type App = Awaited<ReturnType<typeof createApp>>;
