import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { readTestConfig } from "./support/config";
import { type Server, startServer } from "./support/server-process";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

jest.setTimeout(60_000); // real processes under full load

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const { security } = readTestConfig();
const aServer = () =>
  startServer({
    NODE_ENV: "production",
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    MASTER_KEY: security.masterKey.toString("base64"),
    TOKEN_SECRET: security.tokenSecret,
    THROTTLE: "off", // all of the load comes from one address
    SANDBOX_PAYMENTS: "true",
  });

const SOCKETS = 60;
const WORKERS = 120;
/** A mutation: reads would be refused when the machine has too much to do, with or without a leave. */
const DOCUMENT = JSON.stringify({ query: "mutation { createCart(input: {}) { cart { id } } }" });

/** Sends one request over a kept-alive connection of `agent`, never again when it fails. */
const post = (url: string, agent: Agent) =>
  new Promise<{ status: number; closes: boolean }>((done, fail) => {
    const headers = { "content-type": "application/json", "content-length": DOCUMENT.length };
    const sent = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.once("error", fail);
      answer.once("end", () =>
        done({ status: answer.statusCode ?? 0, closes: answer.headers.connection === "close" }),
      );
    });
    sent.once("error", fail);
    sent.end(DOCUMENT);
  });

/** Clients at full load over kept-alive connections, until `stop`: each goes on with the next of `servers` when one says that it leaves. */
function aCrowd(servers: Server[]) {
  const agents = servers.map(() => new Agent({ keepAlive: true, maxSockets: SOCKETS }));
  const count = { answered: 0, failed: [] as string[] };
  const leaving = new Set<number>();
  const stopping = new AbortController();
  const worker = async (_: unknown, number: number) => {
    for (let turn = number; !stopping.signal.aborted; turn++) {
      const open = servers.flatMap((_server, at) => (leaving.has(at) ? [] : [at]));
      const at = open[turn % open.length];
      if (at === undefined) return;
      const answer = await post(servers[at]?.url ?? "", agents[at] as Agent).catch((error) => error);
      if (answer.status === 200) count.answered++;
      else count.failed.push(String(answer.code ?? answer.status));
      if (answer.closes) leaving.add(at);
    }
  };
  const work = Promise.all(Array.from({ length: WORKERS }, worker));
  return {
    count,
    async stop() {
      stopping.abort();
      await work;
      for (const agent of agents) agent.destroy();
    },
  };
}

test("one server at full load takes its leave: every request it was sent is answered", async () => {
  const server = await aServer();
  const crowd = aCrowd([server]);
  while (crowd.count.answered < 500) await wait(20);
  expect(await server.end("SIGTERM")).toBe(0);
  await crowd.stop();
  expect(crowd.count.failed).toEqual([]);
});

test("one of two servers at full load takes its leave: the other takes over, and no request fails", async () => {
  const [leaving, staying] = await Promise.all([aServer(), aServer()]);
  const crowd = aCrowd([leaving, staying]);
  while (crowd.count.answered < 500) await wait(20);
  expect(await leaving.end("SIGTERM")).toBe(0);
  const { answered } = crowd.count;
  while (crowd.count.answered < answered + 200) await wait(20);
  await crowd.stop();
  expect(crowd.count.failed).toEqual([]);
  expect(await staying.end("SIGTERM")).toBe(0);
});
