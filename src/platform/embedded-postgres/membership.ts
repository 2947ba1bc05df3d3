import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { StartError } from "../start-error";

/**
 * Who uses an embedded database holds a lock in it, shared with all other users. The last one to leave can take it alone: he stops
 * the server. The database forgets the lock of a process that was killed, so there is nothing that can be left behind, and an
 * orphaned server belongs to whoever joins it next.
 */
export type Membership = {
  /** Gives the lock back; true when nobody else holds it, and from then on nobody can. */
  leave(): Promise<boolean>;
};

/** Any numbers, as long as they stay. */
const USERS_LOCK = 5_446_001;
const SET_UP_LOCK = 5_446_002;
/** While a server starts (recovering after a crash, it may take its time) or stops, joining waits and tries again. */
const STARTING = new Set(["57P03", "57P01", "ECONNREFUSED", "ECONNRESET"]);
const JOIN_TRIES = 600;

export type Roles = { database: string; owner: Role; app: Role };
export type Role = { name: string; password: string };

/** Joins the server at `superuserUrl`, with roles and database made when missing. Null when it stops or is gone: start it again. */
export async function join(superuserUrl: string, roles: Roles): Promise<Membership | null> {
  const client = await connect(superuserUrl);
  if (!client) return null;
  try {
    if (!(await hold(client))) return null;
    await setUp(client, roles);
    return { leave: () => leave(client, superuserUrl) };
  } catch (error) {
    await client.end().catch(() => undefined);
    if (STARTING.has(codeOf(error))) return null; // stopped under our feet
    throw error;
  }
}

async function connect(url: string): Promise<pg.Client | null> {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({ connectionString: url, keepAlive: true });
    client.on("error", () => undefined); // the server was killed; who asks next learns of it
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const code = codeOf(error);
      if (code === "28P01")
        throw new StartError(
          "The embedded database does not accept the password in secrets.json of DATA_DIR.",
        );
      if (code !== "57P03") {
        if (STARTING.has(code)) return null;
        throw error;
      }
      if (tries === JOIN_TRIES)
        throw new StartError("The embedded database does not come up: see postgres/server.log in DATA_DIR.");
      await wait(100);
    }
  }
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? "";

async function hold(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock_shared($1) AS held", [
    USERS_LOCK,
  ]);
  if (!rows[0]?.held) await client.end();
  return rows[0]?.held ?? false;
}

async function leave(client: pg.Client, superuserUrl: string): Promise<boolean> {
  try {
    await client.query("SELECT pg_advisory_unlock_shared($1)", [USERS_LOCK]);
    return await takeAlone(client);
  } catch {
    // Our connection broke: the server was killed or restarted. What is there now decides.
    const again = await connect(superuserUrl);
    return again === null || (await takeAlone(again));
  }
}

/** The lock is held until the connection ends with the server; a user who is not the last just goes. */
async function takeAlone(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ alone: boolean }>("SELECT pg_try_advisory_lock($1) AS alone", [
    USERS_LOCK,
  ]);
  if (!rows[0]?.alone) await client.end();
  return rows[0]?.alone ?? false;
}

/** Makes the two roles and the database. Repeatable, so that a start that was killed half-way is made good by the next. */
async function setUp(client: pg.Client, { database, owner, app }: Roles) {
  await client.query("SELECT pg_advisory_lock($1)", [SET_UP_LOCK]);
  await ensureRole(client, owner, "CREATEDB"); // comparing migrations with the schema takes a database of its own
  await ensureRole(client, app, "NOCREATEDB");
  await client.query(`GRANT ${app.name} TO ${owner.name}`); // the owner may end the server's connections
  const { rows } = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  if (rows.length === 0) await client.query(`CREATE DATABASE ${database} OWNER ${owner.name}`);
  await client.query("SELECT pg_advisory_unlock($1)", [SET_UP_LOCK]);
}

async function ensureRole(client: pg.Client, { name, password }: Role, right: "CREATEDB" | "NOCREATEDB") {
  const { rows } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [name]);
  if (rows.length > 0) return;
  await client.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER ${right} PASSWORD ${pg.escapeLiteral(password)}`);
}
