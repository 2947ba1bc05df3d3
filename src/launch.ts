import { type Config, type Environment, readConfig, readLaunch } from "./platform/config";
import { defaultDataDir, startEmbeddedPostgres } from "./platform/embedded-postgres";
import { createDataFolder, dataFolder, readSecrets } from "./platform/embedded-postgres/data-folder";
import { isUnavailable } from "./platform/errors";
import { migrate } from "./platform/migrate";
import { readEnvironment } from "./platform/read-environment";
import { StartError } from "./platform/start-error";

export type Launch = {
  config: Config;
  /** All settings that `config` was read from: what another process needs to be the same server */
  environment: Environment;
  stop: () => Promise<void>;
};

/**
 * From the environment (and .env, which it goes before) to a configuration whose database runs and is migrated.
 * `stop` leaves the embedded database, if there is one.
 * @throws StartError, or readConfig's Error, one line that names what is wrong
 */
export async function launch(environment: Environment): Promise<Launch> {
  const env = readEnvironment(environment);
  const { production, embedded, ...given } = readLaunch(env);
  const dataDir = given.dataDir ?? (await defaultDataDir());
  const secrets = production ? {} : developmentSecrets(dataDir);
  const settings = { ...secrets, ...env, DATA_DIR: dataDir };
  const config = readConfig(settings); // complains before anything is started
  if (!embedded) {
    await prepare(config);
    return { config, environment: settings, stop: async () => {} };
  }
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const own = { DATABASE_URL: postgres.url, DATABASE_OWNER_URL: postgres.ownerUrl };
    const environment = { ...settings, ...own };
    const complete = readConfig(environment);
    await prepare(complete);
    return { config: complete, environment, stop: postgres.stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Secrets made once and kept in DATA_DIR; production brings its own. */
function developmentSecrets(dataDir: string) {
  const folder = dataFolder(dataDir);
  createDataFolder(folder);
  return readSecrets(folder).server;
}

/** Migrates as the owner's role and gives the serving role its rights. */
async function prepare({ database }: Config) {
  const { url, ownerUrl } = database;
  if (!url || !ownerUrl) return;
  const appRole = decodeURIComponent(new URL(url).username);
  try {
    await migrate(ownerUrl, appRole === decodeURIComponent(new URL(ownerUrl).username) ? {} : { appRole });
  } catch (error) {
    const { hostname, port, pathname } = new URL(ownerUrl);
    const where = `${hostname}:${port || 5432}${pathname}`;
    if (unreachable(error))
      throw new StartError(`The database at ${where} cannot be reached: ${(error as Error).message}`);
    throw error;
  }
}

/** Node's and PostgreSQL's words for: no such host, nobody listens, wrong password, no such database. */
const REFUSED = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "28P01",
  "28000",
  "3D000",
]);
const unreachable = (error: unknown) =>
  REFUSED.has((error as { code?: string }).code ?? "") || isUnavailable(error);
