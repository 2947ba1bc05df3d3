import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { asker } from "./support/app";
import { type Server, startServer, temporaryFolder } from "./support/server-process";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

jest.setTimeout(120_000); // real processes, one of them killed; what it held is free after some twenty seconds

const MAIL_LIMIT_MS = 60_000;
const SECRETS = {
  MASTER_KEY: randomBytes(32).toString("base64"),
  TOKEN_SECRET: randomBytes(32).toString("hex"),
};

const started: Server[] = [];
let database: TestDatabase;
let owner: pg.Client; // the queue belongs to that role
let folder: { path: string; remove(): void };
let postbox: NetServer; // greets, and says nothing more: whoever brings a mail has it in hand
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  postbox = createServer((socket) => socket.on("error", () => undefined).write("220 hello\r\n"));
  await new Promise<void>((done) => void postbox.listen(0, "127.0.0.1", done));
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.end("SIGKILL")));
  postbox.close();
  await owner.end();
  await database.drop();
  folder.remove();
});

async function start(settings: Record<string, string>): Promise<Server> {
  const own = {
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATA_DIR: folder.path,
    ...SECRETS,
  };
  const server = await startServer({ ...own, ...settings });
  started.push(server);
  return server;
}

async function held(): Promise<number> {
  const { rows } = await owner.query(
    "SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE locked_at IS NOT NULL",
  );
  return rows[0].count;
}

function mails(): string[] {
  const mail = join(folder.path, "mail");
  if (!existsSync(mail)) return [];
  const texts = readdirSync(mail).map((name) => readFileSync(join(mail, name), "utf8"));
  return texts.filter((text) => text !== ""); // nothing is in it yet while it is being written
}

test("a job stays with the server that has it in hand, however long; when that is killed, another does it within a minute", async () => {
  const { port } = postbox.address() as { port: number };
  const slow = await start({ SMTP_URL: `smtp://127.0.0.1:${port}?socketTimeout=${MAIL_LIMIT_MS}` });
  const input = { email: "ann@example.test", password: "correct horse battery staple 9" };
  await asker(slow.url)(null, "mutation($input: RegisterInput!) { register(input: $input) { accepted } }", {
    input,
  });
  while ((await held()) === 0) await wait(50);
  const other = await start({});
  await wait(27_000); // longer than a lease that is not renewed
  expect(await held()).toBe(1);
  expect(mails()).toEqual([]);
  await slow.end("SIGKILL");
  for (const killed = Date.now(); mails().length === 0; await wait(100))
    if (Date.now() > killed + MAIL_LIMIT_MS) throw new Error("The mail did not come");
  expect(mails()).toEqual([expect.stringContaining("To: ann@example.test")]);
  expect(await other.end("SIGTERM")).toBe(0);
});
