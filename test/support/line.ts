import { EventEmitter } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** A line to a database that can be cut and mended, or fall silent. `through` leads an address through it. */
export async function aLineTo(databaseUrl: string) {
  let { hostname: host, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const spoken = new EventEmitter().setMaxListeners(0);
  let silent = false;
  let server: Server;
  const open = (at: number) =>
    new Promise<number>((done) => {
      server = createServer((from) => {
        const to = createConnection({ host, port: Number(port) });
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
          carry(one, other);
        }
      });
      server.listen(at, "127.0.0.1", () => done((server.address() as { port: number }).port));
    });
  /** What comes while the line is silent stays where it is, unread. */
  function carry(one: Socket, other: Socket) {
    const resume = () => void one.pipe(other);
    const hush = () => void one.unpipe(other).pause();
    spoken.on("silent", hush).on("resumed", resume);
    one.once("close", () => spoken.off("silent", hush).off("resumed", resume));
    if (silent) one.pause();
    else resume();
  }
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
    /** New connections lead there. */
    leadTo(address: string) {
      ({ hostname: host, port } = new URL(address));
    },
    /** Nothing is carried any more, and nobody is told: connections stay open and new ones are taken. */
    hush() {
      silent = true;
      spoken.emit("silent");
    },
    resume() {
      silent = false;
      spoken.emit("resumed");
    },
  };
}
