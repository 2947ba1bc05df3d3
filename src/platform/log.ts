import pino, { type Logger } from "pino";

export type { Logger };

/** Structured logs, one JSON line each, on standard error. What could carry a secret is never logged, and redacted besides. */
export const createLog = (level: string): Logger =>
  pino(
    {
      level,
      base: { name: "tillgraph" },
      serializers: { err: errorFields },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["*.password", "*.token", "*.authorization", "*.accessToken", "*.refreshToken", "*.email"],
    },
    pino.destination({ fd: 2, sync: true }),
  );

/** What explains an error. Its other properties may be whole connections, with what was sent over them. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause, code } = error as Error & { code?: string };
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: errorFields(cause) }) };
}
