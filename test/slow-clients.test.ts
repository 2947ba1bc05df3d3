import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct } from "./support/builders";
import { openSocket, type RawSocket, rawRequest } from "./support/raw-socket";

jest.setTimeout(60_000); // as long as the server gives slow clients

/** Time limit and the interval at which it is looked at, for headers and for whole requests. */
const [HEADERS_MS, REQUEST_MS] = [10_000 + 5_000, 15_000 + 5_000];
const SLOW = 150;
const SHOP = JSON.stringify({ query: "{ shop { name } }" });
const LIST = JSON.stringify({
  query: "{ products(first: 20) { nodes { id title handle variants { id sku } } } }",
});

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: "1" });
});
afterAll(() => app.close());

const openMany = (count: number) => Promise.all(Array.from({ length: count }, () => openSocket(app.url)));
/** Whoever asks from another address than the slow. */
const isServed = async () => {
  const { status } = await app.ask(null, "{ shop { name } }", {}, { "x-forwarded-for": "198.51.100.1" });
  expect(status).toBe(200);
};

/** Lets each send a byte a second until the server has had enough. */
async function drip(sockets: RawSocket[], text: string) {
  for (const { socket } of sockets) socket.write(text.slice(0, -30));
  const timers = sockets.map(({ socket }) => {
    let at = text.length - 30;
    return setInterval(() => socket.writable && socket.write(text[at++] ?? ""), 1_000);
  });
  const started = performance.now();
  await Promise.all(sockets.map(({ closed }) => closed));
  for (const timer of timers) clearInterval(timer);
  return performance.now() - started;
}

test("hundreds who send their headers or their body byte by byte are cut off in time, and others are served meanwhile", async () => {
  const [slowHeads, slowBodies] = [await openMany(SLOW), await openMany(SLOW)];
  let over = false;
  const serving = (async () => {
    for (; !over; await wait(500)) await isServed();
  })();
  const took = await Promise.all([
    drip(slowHeads, `POST /graphql HTTP/1.1\r\nhost: shop\r\nx-slow: ${"a".repeat(100)}`),
    drip(slowBodies, rawRequest(JSON.stringify({ query: `{ shop { name } } # ${"a".repeat(100)}` }))),
  ]);
  over = true;
  await serving;
  const late = 2_000; // the machine's, not the server's
  expect(took[0]).toBeLessThan(HEADERS_MS + late);
  expect(took[1]).toBeLessThan(REQUEST_MS + late);
  for (const { received } of slowHeads) expect(received).toMatch(/^HTTP\/1\.1 408 /);
});

test("hundreds who ask again and again without reading an answer, or only sit there, keep nobody from being served", async () => {
  await Promise.all(Array.from({ length: 20 }, () => aProduct(app.db)));
  const [deaf, idle] = [await openMany(50), await openMany(300)];
  for (const { socket } of deaf) {
    socket.pause();
    socket.write(rawRequest(LIST).repeat(50));
  }
  for (let round = 0; round < 10; round++) await isServed();
  for (const { socket } of [...deaf, ...idle]) socket.destroy();
  await isServed();
});

test.each([
  ["two thousand headers", Array.from({ length: 2_000 }, (_, at) => `x-${at}: some value`)],
  ["a header of 17 kB", [`x-long: ${"a".repeat(17 * 1024)}`]],
])("%s: 431, and the connection ends", async (_what, headers) => {
  const raw = await openSocket(app.url);
  raw.socket.write(rawRequest(SHOP, headers));
  await raw.closed;
  expect(raw.received).toMatch(/^HTTP\/1\.1 431 /);
  await isServed();
});

test("no more connections are taken than MAX_CONNECTIONS; when some go, others are served", async () => {
  const small = await startTestApp({ MAX_CONNECTIONS: "20" });
  const sockets = await Promise.all(Array.from({ length: 60 }, () => openSocket(small.url)));
  const left = new Set(sockets);
  for (const each of sockets) void each.closed.then(() => left.delete(each));
  while (left.size > 20) await wait(10);
  await wait(100);
  expect(left.size).toBe(20);
  for (const { socket } of left) socket.destroy();
  while ((await fetch(new URL("/livez", small.url)).catch(() => null)) === null) await wait(10);
  expect((await small.ask(null, "{ shop { name } }")).status).toBe(200);
  await small.close();
});
