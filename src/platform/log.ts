import pino, { type Logger, type LoggerOptions } from "pino";

export type { Logger };

/** So much of the log waits for whoever reads it, in bytes; what comes then is lost. */
const MOST_WAITING = 8 * 1024 * 1024;

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
  const output = standardError();
  const log = pino(logOptions(level), output);
  let lost = 0;
  output.on("drop", () => lost++);
  output.on("drain", () => {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    log.error({ lines }, "lines of the log were lost: nobody read it");
  });
  return log;
}

/** Written beside the work: a reader who stalls holds nobody up, and a disk that is full fails nothing but the log. */
function standardError() {
  const output = pino.destination({ fd: 2, sync: false, maxLength: MOST_WAITING });
  output.on("error", () => undefined); // what could not be written is tried again with the next line
  return output;
}

/** What explains an error. Its other properties may be whole connections, with what was sent over them. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause, code } = error as Error & { code?: string };
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: errorFields(cause) }) };
}
