import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { asker, startTestApp, type TestApp } from "./support/app";
import { openSocket, type RawSocket } from "./support/raw-socket";
import { startServer, temporaryFolder } from "./support/server-process";

jest.setTimeout(120_000); // a real process, and ten thousand connections

/** What MAX_CONNECTIONS is unless it is set. */
const MOST = 10_000;
const AT_ONCE = 1_000;
const KEPT_ALIVE = "GET /livez HTTP/1.1\r\nhost: shop\r\n\r\n";

/** Connections that have been answered once and then say nothing. */
async function openIdle(url: string, count: number): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  while (sockets.length < count) {
    const size = Math.min(AT_ONCE, count - sockets.length);
    const some = await Promise.all(Array.from({ length: size }, () => openSocket(url)));
    for (const { socket } of some) socket.write(KEPT_ALIVE);
    while (some.some(({ received }) => received === "")) await wait(10);
    sockets.push(...some);
  }
  return sockets;
}

/** Memory that a process has. */
const kilobytesOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

(process.platform === "linux" ? test : test.skip)(
  "ten thousand idle connections: others are served beside them, and instead of them when there is no place left",
  async () => {
    const folder = await temporaryFolder();
    const server = await startServer({ DATA_DIR: folder.path });
    const pid = server.pid ?? 0;
    const ask = asker(server.url);
    const shop = async () => {
      const began = performance.now();
      expect((await ask(null, "{ products(first: 5) { nodes { id title } } }")).status).toBe(200);
      return performance.now() - began;
    };
    try {
      await shop();
      const before = kilobytesOf(pid);
      const idle = await openIdle(server.url, MOST - 20);
      const took: number[] = [];
      for (let asked = 0; asked < 10; asked++) took.push(await shop());
      expect(Math.min(...took)).toBeLessThan(50); // the machine may be late, the server is not
      expect(idle.filter(({ socket }) => socket.closed)).toEqual([]);
      expect((kilobytesOf(pid) - before) / idle.length).toBeLessThan(20);

      const more = await openIdle(server.url, 10);
      const late = await Promise.all(Array.from({ length: 20 }, () => openSocket(server.url)));
      await Promise.all(idle.map(({ closed }) => closed));
      expect(await shop()).toBeLessThan(1_000);
      for (const { socket } of [...more, ...late]) socket.destroy();
    } finally {
      await server.end("SIGTERM");
      folder.remove();
    }
  },
);

describe("who takes the last place on purpose", () => {
  const PLACES = 20;
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ MAX_CONNECTIONS: String(PLACES) });
  });
  afterAll(() => app.close());

  test("shuts out nobody, however quickly all places are taken again", async () => {
    for (let round = 0; round < 3; round++) {
      const idle = await openIdle(app.url, PLACES - 1);
      const last = await openSocket(app.url);
      await Promise.all(idle.map(({ closed }) => closed));
      last.socket.destroy();
      await last.closed;
    }
  });

  test("and leaves it again and again, closes others' idle connections once a second at most", async () => {
    const silent = await Promise.all(Array.from({ length: PLACES - 2 }, () => openSocket(app.url)));
    const until = performance.now() + 2_500;
    let [taken, closed] = [0, 0];
    const takeAndLeave = async () => {
      for (; performance.now() < until; taken++) {
        const last = await openSocket(app.url);
        await wait(2);
        last.socket.destroy();
        await last.closed;
      }
    };
    const stay = async () => {
      while (performance.now() < until) {
        const other = await openSocket(app.url);
        other.socket.write(KEPT_ALIVE);
        await Promise.race([other.closed, wait(until - performance.now())]);
        if (other.received !== "") closed++; // else it found no place
        other.socket.destroy();
      }
    };
    await Promise.all([takeAndLeave(), stay()]);
    for (const { socket } of silent) socket.destroy();
    expect(taken).toBeGreaterThan(50);
    expect(closed).toBeLessThanOrEqual(5);
  });
});
