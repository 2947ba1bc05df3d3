import pino, { type Logger, type LoggerOptions } from "pino";
import { openStandardError } from "./standard-error";

export type { Logger };

/** How lines are written, one in JSON each. What could carry a secret is never logged, and redacted besides. */
export const logOptions = (level: string): LoggerOptions => ({
  level,
  base: { name: "tillgraph" },
  serializers: { err: errorFields },
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["*.password", "*.token", "*.authorization", "*.accessToken", "*.refreshToken", "*.email"],
});

/** Structured logs on standard error. */
export function createLog(level: string): Logger {
  const output = openStandardError((lines) =>
    log.error({ lines }, "lines of the log were lost: nobody read it"),
  );
  const log = pino(logOptions(level), output);
  return log;
}

/** What explains an error. Its other properties may be whole connections, with what was sent over them. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause, code } = error as Error & { code?: string };
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: errorFields(cause) }) };
}
