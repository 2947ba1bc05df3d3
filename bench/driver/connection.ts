import { connect, type Socket } from "node:net";
import { type Answer, readAnswers } from "./answer-reader";

export type Headers = Record<string, string>;
export type Connection = {
  /** Sends one request and waits for its answer: one at a time. */
  post(body: string, headers?: Headers): Promise<Answer>;
  close(): void;
};

/** Longer than any server here takes for anything. */
const SILENCE_MS = 120_000;
type Waiting = { resolve(answer: Answer): void; reject(error: Error): void };

/**
 * A keep-alive connection that POSTs JSON to `url`, opened with the first request and again after the server has closed it, from
 * `localAddress` if one is given. Our own few lines instead of node:http's client: on one machine the driver takes its processor time from
 * what it measures.
 */
export function openConnection(url: string, localAddress?: string): Connection {
  const { hostname, port, host, pathname } = new URL(url);
  let socket: Socket | null = null;
  let waiting: Waiting | null = null;

  const settle = (end: (one: Waiting) => void) => {
    const one = waiting;
    waiting = null;
    if (one) end(one);
  };
  function open(): Socket {
    const opened = connect({ host: hostname, port: Number(port), noDelay: true, localAddress });
    const lost = (error: Error) => {
      opened.destroy();
      if (socket !== opened) return;
      socket = null;
      settle(({ reject }) => reject(error));
    };
    opened.setTimeout(SILENCE_MS, () => lost(new Error("No answer")));
    opened.on("error", lost);
    opened.on("close", () => lost(new Error("The connection was closed")));
    opened.on(
      "data",
      readAnswers((answer) => {
        if (/\r\nconnection: *close/i.test(answer.head)) {
          socket = null;
          opened.end();
        }
        settle(({ resolve }) => resolve(answer));
      }),
    );
    return opened;
  }

  return {
    post(body, headers = {}) {
      socket ??= open();
      const own = Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("");
      const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n`;
      socket.write(`${head}${own}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close() {
      socket?.destroy();
      socket = null;
    },
  };
}
