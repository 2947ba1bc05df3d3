import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { asker } from "./support/app";
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
