import { createConnection, createServer, type Server, type Socket } from "node:net";

/** A line to a database that can be cut and mended. `url` leads through it. */
export async function aLineTo(databaseUrl: string) {
  const url = new URL(databaseUrl);
  const [host, port] = [url.hostname, Number(url.port)];
  const sockets = new Set<Socket>();
  let server: Server;
  const open = (at: number) =>
    new Promise<number>((done) => {
      server = createServer((from) => {
        const to = createConnection({ host, port });
        for (const [one, other] of [
          [from, to],
          [to, from],
        ] as const) {
          sockets.add(one);
          one.on("error", () => undefined);
          one.on("close", () => {
            sockets.delete(one);
            other.destroy();
          });
          one.pipe(other);
        }
      });
      server.listen(at, "127.0.0.1", () => done((server.address() as { port: number }).port));
    });
  const own = await open(0);
  const through = (address: string) => {
    const changed = new URL(address);
    changed.host = `127.0.0.1:${own}`;
    return changed.href;
  };
  return {
    through,
    /** Every connection breaks, and nobody gets a new one. */
    async cut() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: () => open(own),
  };
}
