import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { asker } from "./support/app";
import { aLineTo } from "./support/line";
import { type Server, startServer, temporaryFolder } from "./support/server-process";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

jest.setTimeout(90_000); // what was in hand when the database went away is free after some twenty seconds

const PEOPLE = 15;
const AWAY_MS = 6_000;
/** Mails in hand end one after the other while the database is away: their jobs fail to be reported as done one by one. */
const STEP_MS = 300;
const LIMIT_MS = 60_000;

/** Takes each mail later than the one before, like a mail server that is busy; `to` is to whom mails came. */
async function aPostbox() {
  const to = new Set<string>();
  const server = createServer((socket) => {
    let turn = 0;
    socket.on("error", () => undefined).write("220 hello\r\n");
    socket.on("data", async (data) => {
      const said = String(data);
      if (said.startsWith("DATA")) return socket.write("354 go on\r\n");
      if (said.startsWith("RCPT")) turn = to.add(said.trim().toLowerCase()).size % 5;
      if (/\r\n\.\r\n$/.test(said)) await wait((1 + turn) * STEP_MS);
      return socket.write("250 fine\r\n");
    });
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  return { to, url: `smtp://127.0.0.1:${port}`, close: () => server.close() };
}

let folder: { path: string; remove(): void };
let database: TestDatabase;
let postbox: Awaited<ReturnType<typeof aPostbox>>;
let line: Awaited<ReturnType<typeof aLineTo>>;
let owner: pg.Client; // the queue belongs to that role
let server: Server;
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  postbox = await aPostbox();
  line = await aLineTo(database.url);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  server = await startServer({
    DATABASE_URL: line.through(database.url),
    DATABASE_OWNER_URL: line.through(database.ownerUrl),
    DATA_DIR: folder.path,
    SMTP_URL: postbox.url,
    THROTTLE: "off",
    MASTER_KEY: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("hex"),
  });
});
afterAll(async () => {
  await server.end("SIGKILL");
  await line.cut();
  postbox.close();
  await owner.end();
  await database.drop();
  folder.remove();
});

const register = (_: unknown, person: number) =>
  asker(server.url)(null, "mutation($input: RegisterInput!) { register(input: $input) { accepted } }", {
    input: { email: `person${person}@example.test`, password: "correct horse battery staple 9" },
  });
async function queued(): Promise<number> {
  const { rows } = await owner.query("SELECT count(*)::int AS count FROM graphile_worker.jobs");
  return rows[0].count;
}

test("the database goes away while mails are in hand: afterwards each is sent, none stays, and the server ends as always", async () => {
  await Promise.all(Array.from({ length: PEOPLE }, register));
  while (postbox.to.size < 5) await wait(20);
  await line.cut();
  await wait(AWAY_MS);
  await line.mend();
  for (let waited = 0; waited < LIMIT_MS && (await queued()) > 0; waited += 100) await wait(100);
  expect([await queued(), postbox.to.size]).toEqual([0, PEOPLE]);
  expect(await server.end("SIGTERM")).toBe(0);
});
