import { availableParallelism } from "node:os";
import { z } from "zod";
import { limitSettings, limitsOf } from "./limit-settings";
import { list, origin, postgres } from "./setting-shapes";
import { checkStripe, stripeOf, stripeSettings } from "./stripe-settings";

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
/**
 * More at work at once than processors can do wait for each other, and ten are as many as one process of Node keeps busy. With fewer than five
 * many carts at once on a slow database are not all served while they may wait.
 */
const CONNECTIONS = Math.max(5, Math.min(10, 2 * availableParallelism() + 1));

/** Every setting the server knows; README's configuration table says the same in words. */
const Env = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  HOST: z.string().min(1).default("localhost"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  CORS_ORIGINS: list.pipe(z.array(origin)).optional(),
  DATABASE_URL: postgres.optional(),
  DATABASE_OWNER_URL: postgres.optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(CONNECTIONS),
  DATA_DIR: z.string().min(1).default("data"),
  MASTER_KEY: z
    .string()
    .refine(
      (text) => Buffer.from(text, "base64").length === 32,
      "must be 32 bytes in base64 (openssl rand -base64 32)",
    ),
  TOKEN_SECRET: z.string().min(32, "must have at least 32 characters (openssl rand -hex 32)"),
  BCRYPT_COST: z.coerce.number().int().min(10).max(15).default(12),
  PASSWORD_MIN_LENGTH: z.coerce.number().int().min(8).max(64).default(10),
  ...limitSettings,
  INTROSPECTION: flag.optional(),
  LANDING_PAGE: flag.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  PUBLIC_URL: origin.optional(),
  SHOP_NAME: z.string().min(1).default("Tillgraph"),
  SHOP_URL: origin.optional(),
  SHOP_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code")
    .default("DE"),
  CURRENCIES: list
    .pipe(z.array(z.string().regex(/^[A-Z]{3}$/, "must be ISO 4217 codes, the shop's own first")).min(1))
    .default(["EUR", "USD"]),
  SANDBOX_PAYMENTS: flag.optional(),
  PAYMENT_CAPTURE: z.enum(["automatic", "manual"]).default("automatic"),
  PAYMENT_TIMEOUT_MS: z.coerce.number().int().min(50).max(20_000).default(15_000),
  ...stripeSettings,
  RETURN_ORIGINS: list.pipe(z.array(origin)).default([]),
  MAIL_FROM: z.string().min(3).default("shop@tillgraph.test"),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must be an smtp:// address")
    .optional(),
});

export const settingNames = Object.keys(Env.shape);

export type Environment = Record<string, string | undefined>;

/** Settings that are needed before the database and the secrets are there. */
export function readLaunch(env: Environment) {
  const { NODE_ENV, DATA_DIR, DATABASE_URL } = env;
  return { production: NODE_ENV === "production", dataDir: DATA_DIR || null, embedded: !DATABASE_URL };
}

/**
 * The configuration, grouped by who uses it.
 * @throws Error whose message names every bad or missing setting at once, never a value
 */
export function readConfig(env: Environment) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const read = Env.superRefine(checkStripe).superRefine(checkSecrets).safeParse(given);
  if (!read.success) throw new Error(`Bad settings: ${read.error.issues.map(complaint).join("; ")}`);
  const e = read.data;
  const [production, stripe] = [e.NODE_ENV === "production", stripeOf(e)];
  return {
    production,
    dataDir: e.DATA_DIR,
    http: {
      host: e.HOST,
      port: e.PORT,
      /** Where clients reach this server, when that is not where it listens */
      publicUrl: e.PUBLIC_URL ?? null,
      trustProxy: e.TRUST_PROXY,
      corsOrigins: e.CORS_ORIGINS ?? null,
    },
    database: {
      url: e.DATABASE_URL ?? null,
      ownerUrl: e.DATABASE_OWNER_URL ?? e.DATABASE_URL ?? null,
      pool: e.DATABASE_POOL,
      replicaUrl: e.DATABASE_REPLICA_URL ?? null,
    },
    security: { masterKey: Buffer.from(e.MASTER_KEY, "base64"), tokenSecret: e.TOKEN_SECRET },
    accounts: { bcryptCost: e.BCRYPT_COST, passwordMinLength: e.PASSWORD_MIN_LENGTH },
    graphql: { introspection: e.INTROSPECTION ?? !production, landingPage: e.LANDING_PAGE ?? !production },
    limits: limitsOf(e),
    log: { level: e.LOG_LEVEL },
    shop: {
      name: e.SHOP_NAME,
      url: e.SHOP_URL ?? null,
      /** Whose tax is shown before an address is known */
      country: e.SHOP_COUNTRY,
      /** The first is the shop's own */
      currencies: e.CURRENCIES,
    },
    payments: {
      sandbox: e.SANDBOX_PAYMENTS ?? !(production || stripe?.live),
      capture: e.PAYMENT_CAPTURE,
      returnOrigins: e.RETURN_ORIGINS,
      /** How long a provider is waited for; well below the lease that the asker holds on an operation */
      timeoutMs: e.PAYMENT_TIMEOUT_MS,
      stripe,
    },
    mail: { from: e.MAIL_FROM, smtpUrl: e.SMTP_URL ?? null },
  } as const;
}
export type Config = ReturnType<typeof readConfig>;

/** Who knew the one would know the other, too. */
function checkSecrets(
  { MASTER_KEY, TOKEN_SECRET }: { MASTER_KEY: string; TOKEN_SECRET: string },
  complaints: z.core.$RefinementCtx,
) {
  if (MASTER_KEY === TOKEN_SECRET)
    complaints.addIssue({
      code: "custom",
      path: ["TOKEN_SECRET"],
      message: "must not be the same as MASTER_KEY",
    });
}

/** What is wrong with one setting, by name; the value stays out of it. */
function complaint(issue: z.core.$ZodIssue): string {
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  return `${issue.path[0]?.toString()} ${missing ? "is missing" : issue.message}`;
}
