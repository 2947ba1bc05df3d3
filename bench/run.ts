import "reflect-metadata";
import { drive, stopDriving } from "./driver/drive";
import type { Load } from "./driver/measure";
import { sumUp, takeTurns, warmUp } from "./driver/turns";
import { createUser } from "./driver/user";
import { checkEqualWork } from "./equal-work";
import { type Options, readOptions, USAGE } from "./options";
import { readPeerData } from "./peer-data";
import { findNodeOf } from "./peer-node";
import { RAW_SEARCH } from "./raw/statements";
import { describeMachine, type Results, type Row } from "./report/results";
import { report, toLine } from "./report/write-report";
import { measuresAt, scenarios, type Target } from "./scenarios";
import type { PeerData } from "./scenarios/peer";
import { openShop, type Shop } from "./shop/open-shop";
import { openPostgres } from "./shop/postgres";
import { type Server, startRaw, startShop } from "./shop/server";
import { measureStart } from "./start-figures";

const ORDERS_EACH = 5;
const WORKERS = "2";
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** The servers that are measured beside each other. */
type Servers = Record<Exclude<Target, "peer">, Server>;

async function main(options: Options): Promise<Results> {
  if (options.peer) await checkAnswers(options.peer);
  const start = await measureStart();
  say(`first answer after ${start.startToFirstAnswerMs} ms, idle memory ${start.idleMemoryMb} MB`);
  const postgres = await openPostgres(options);
  const servers: Partial<Servers> = {};
  try {
    const database = await postgres.createDatabase("tillgraph_bench");
    const shop = await openShop(database, { manyWords: false });
    try {
      say(`filling ${options.products} products …`);
      await shop.fill(options.products);
      await shop.addCustomers(options.customers);
      const uncached = { ...shop.settings, RESPONSE_CACHE_MB: "0" };
      servers.ours = await startShop(uncached);
      servers.shipped = await startShop(shop.settings);
      servers.workers = await startShop({ ...uncached, WEB_CONCURRENCY: WORKERS });
      await shop.owner.query(RAW_SEARCH);
      servers.raw = await startRaw(database.ownerUrl);
      await shop.addOrders(servers.ours, ORDERS_EACH);
      await shop.owner.query("VACUUM ANALYZE");
      const samples = await shop.samples();
      await checkEqualWork({ ours: servers.ours.url, raw: servers.raw.url }, samples);
      const peer = options.peer ? await readPeerData(options.peer, options.customers) : null;
      const rows = await measureAll(options, servers as Servers, shop, peer);
      return await results(options, shop, { start, postgres: postgres.version, rows });
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
      await shop.close();
      await database.drop();
    }
  } finally {
    await postgres.stop();
  }
}

/** Before minutes are spent on ours. */
async function checkAnswers(peer: string) {
  const user = createUser(peer);
  await user.send("{ __typename }").finally(user.close);
}

/**
 * Everything in turn. All servers are warmed up for an operation; then, at each number of connections, they take turns of some seconds, so that they
 * have what the machine does meanwhile in common. The others of ours stand still.
 */
async function measureAll(
  options: Options,
  servers: Servers,
  shop: Shop,
  peer: PeerData | null,
): Promise<Row[]> {
  const rows: Row[] = [];
  const { warmupSeconds, settleSeconds, seconds, turns } = options;
  for (const server of Object.values(servers)) server.pause();
  for (const scenario of scenarios) {
    const { name } = scenario;
    if (options.only && !options.only.includes(name)) continue;
    const { ours, raw } = await shop.samples(); // tokens live for a quarter of an hour only
    const data: Record<Target, unknown> = { ours, shipped: ours, workers: ours, raw, peer };
    const urlOf = (target: Target) => (target === "peer" ? (options.peer as string) : servers[target].url);
    const ask = (target: Target, load: Load) => {
      const driven = () => drive({ target, scenario: name, data: data[target], load });
      return target === "peer" ? driven() : servers[target].awakeFor(driven);
    };
    const targets = scenario.targets.filter((target) => target !== "peer" || options.peer);
    for (const target of targets)
      await warmUp(urlOf(target), warmupSeconds * scenario.warmups, (load) => ask(target, load));
    for (const connections of options.connections ?? scenario.connections) {
      const asked = targets.filter((target) => measuresAt(scenario, target, connections));
      const taken = await takeTurns(asked, turns, (target) =>
        ask(target, { url: urlOf(target), connections, settleSeconds, seconds: seconds / turns }),
      );
      for (const [target, had] of taken) {
        const row = { scenario: name, target, connections, ...sumUp(had, connections) };
        rows.push(row);
        say(toLine(row));
      }
    }
  }
  return rows;
}

async function results(
  { products, customers, peer, warmupSeconds, settleSeconds, seconds, turns }: Options,
  { owner }: Shop,
  { postgres, ...measured }: Pick<Results, "start" | "rows"> & { postgres: string },
): Promise<Results> {
  const { rows } = await owner.query<{ count: number }>("SELECT count(*)::int AS count FROM variants");
  const date = new Date().toISOString().slice(0, 10);
  const about = { products, variants: rows[0]?.count ?? 0, customers };
  const pace = { warmupSeconds, settleSeconds, seconds };
  const peerNode = peer && (await findNodeOf(peer));
  return { date, machine: describeMachine(postgres), peerNode, ...about, ...pace, turns, ...measured };
}

const asked = process.argv.slice(2);
if (asked.includes("--help")) {
  say(USAGE);
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stopDriving);
const options = readOptions(asked);
main(options).then(
  (found) => process.exit(report(found, options, say)),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
