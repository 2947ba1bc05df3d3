import type { Platform } from "./platform/context";
import { clockDrift, MOST_DRIFT_MS } from "./platform/http/health";

/** Node releases from which on compressed bodies are safe (CVE-2026-111497); ours are refused anyway. */
const SAFE_NODE: Record<number, [number, number]> = { 22: [23, 4], 24: [22, 1], 26: [12, 1] };
const OLDEST_NODE: [number, number] = [20, 19];

/** @throws Error on a Node that this server doesn't run on */
export function checkNode(version: string) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    throw new Error(`Node ${version} is too old: 20.19 or later is needed, 24 is best.`);
}

/** What each process takes beside its pool at most: two for jobs, one each to hear notifications, to cancel reads, and to see whether the database is there. */
const BESIDE_THE_POOL = 5;

/** Says what is allowed but not as it should be. */
export async function warnAtStart(platform: Platform, nodeVersion: string) {
  const { config, log } = platform;
  const drift = await clockDrift(platform);
  if (Math.abs(drift) > MOST_DRIFT_MS)
    log.warn({ drift }, "this machine's clock and the database's disagree, by milliseconds");
  if (config.database.url === config.database.ownerUrl)
    log.warn(
      "DATABASE_URL serves requests with the owner's rights: set DATABASE_OWNER_URL and give DATABASE_URL a role of its own",
    );
  const connections = config.limits.workers * (config.database.pool + BESIDE_THE_POOL);
  const given = await connectionsGiven(platform);
  if (connections > given)
    log.warn(
      { connections, given },
      "under load the database will refuse connections: lower DATABASE_POOL or WEB_CONCURRENCY, or raise its max_connections",
    );
  if (config.production && config.mail.smtpUrl === null)
    log.warn("SMTP_URL is not set: mails become files in DATA_DIR/mail and reach nobody");
  if (config.production && outdated(nodeVersion))
    log.warn({ nodeVersion }, "this Node release has known holes: update it");
}

/** As many as the database gives to all who are not its superusers. */
async function connectionsGiven({ db }: Platform): Promise<number> {
  const [{ given }] = await db.$queryRaw<[{ given: number }]>`
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS given`;
  return given;
}

function outdated(version: string) {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [safeMinor, safePatch] = SAFE_NODE[major] ?? [Number.POSITIVE_INFINITY, 0];
  return major < 27 && (minor < safeMinor || (minor === safeMinor && patch < safePatch));
}
