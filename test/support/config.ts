import { randomBytes } from "node:crypto";
import { readConfig } from "../../src/platform/config";

/** A server's configuration for tests: quick hashes, secrets made up, a free port. `settings` are environment variables. */
export const readTestConfig = (settings: Record<string, string> = {}) =>
  readConfig({
    NODE_ENV: "test",
    HOST: "127.0.0.1",
    PORT: "0",
    BCRYPT_COST: "10",
    MASTER_KEY: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("hex"),
    // Tests write rows behind the server's back, which it hears of a moment later, and count its statements.
    RESPONSE_CACHE_MB: "0",
    SESSION_CACHE: "0",
    ...settings,
  });
