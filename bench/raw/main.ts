import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { documents } from "../scenarios/documents";
import { statements } from "./statements";

/**
 * The raw limit: node:http and prepared statements, nothing between. `{"query": "<operation>", "variables": {…}}` is answered with
 * `{"data": …}` as PostgreSQL assembled it. The database's address is in DATABASE_URL, its pool as large as our server's.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
pool.on("error", () => undefined); // the database may stop before we are told to
const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

async function answer(body: string): Promise<string> {
  const { query, variables = {} } = JSON.parse(body);
  if (query === documents.floor) return '{"data":{"__typename":"Query"}}';
  const statement = statements[query];
  if (!statement) throw new Error(`No operation ${query}`);
  const values = statement.values.map((name) => variables[name] ?? null);
  const { rows } = await pool.query({ name: query, text: statement.text, values, types: asText });
  return `{"data":${rows[0]?.data ?? "null"}}`;
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const send = (status: number, text: string) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
      response.writeHead(status, headers).end(text);
    };
    answer(Buffer.concat(parts).toString("utf8")).then(
      (text) => send(200, text),
      (error: Error) => send(500, JSON.stringify({ errors: [{ message: error.message }] })),
    );
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(
    `raw server is open: http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql\n`,
  );
});
