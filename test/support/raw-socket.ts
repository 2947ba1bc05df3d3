import { createConnection, type Socket } from "node:net";

/** A connection that speaks what the test makes it speak. Collects what comes; `closed` resolves when the server has ended it. */
export async function openSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  const raw: RawSocket = {
    socket,
    received: "",
    closed: new Promise((done) => socket.once("close", () => done())),
  };
  socket.on("error", () => undefined); // a reset is an end, too
  socket.on("data", (chunk) => {
    raw.received += chunk;
  });
  await new Promise<void>((done) => socket.once("connect", () => done()));
  return raw;
}
export type RawSocket = { socket: Socket; received: string; closed: Promise<void> };

/** A request as it goes over the line. */
export function rawRequest(body: string, headers: string[] = []): string {
  const head = ["POST /graphql HTTP/1.1", "host: shop", "content-type: application/json", ...headers];
  return `${head.join("\r\n")}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
