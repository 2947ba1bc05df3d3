import { performance } from "node:perf_hooks";
import type { Answer } from "./answer-reader";
import { type Headers, openConnection } from "./connection";

/** A virtual user: one connection, and what it remembers between its requests. */
export type User = {
  /** Sends one operation. @throws ServerError */
  send(query: string, variables?: object, headers?: Headers): Promise<Answer>;
  /** The same, and reads the answer. */
  // biome-ignore lint/suspicious/noExplicitAny: flows read what they asked for
  ask(query: string, variables?: object, headers?: Headers): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: each scenario's own
  memory: Record<string, any>;
  /** Sent with each request, e.g. who is signed in */
  headers: Headers;
  close(): void;
};

/** What a user hears of each answer: it, and the milliseconds that it took. */
export type Hearing = { localAddress?: string; onAnswer(answer: Answer, took: number): void };

/** The server's own no: a status from 400 on, or GraphQL errors. */
export class ServerError extends Error {
  constructor(readonly answer: Answer) {
    super(`HTTP ${answer.status}: ${answer.body.toString("utf8", 0, 300)}`);
  }
}

const ERRORS = Buffer.from('"errors":[');

export function createUser(url: string, hearing?: Hearing): User {
  const connection = openConnection(url, hearing?.localAddress);
  const user: User = {
    memory: {},
    headers: {},
    async send(query, variables, headers) {
      const body = JSON.stringify({ query, variables });
      const began = performance.now();
      const answer = await connection.post(body, { ...user.headers, ...headers });
      hearing?.onAnswer(answer, performance.now() - began);
      if (answer.status >= 400 || answer.body.includes(ERRORS)) throw new ServerError(answer);
      return answer;
    },
    ask: async (...request) => JSON.parse((await user.send(...request)).body.toString("utf8")).data,
    close: connection.close,
  };
  return user;
}

/** Ends the flow as failed unless `condition` holds: a refusal answered with 200 is no success. */
export function expectThat(condition: boolean, what: unknown): asserts condition {
  if (!condition) throw new Error(`Not as expected: ${JSON.stringify(what)?.slice(0, 300)}`);
}

export const pick = <Item>(items: readonly Item[]): Item => {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("Nothing to pick from");
  return item;
};
