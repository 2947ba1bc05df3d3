import pino, { type Logger } from "pino";

export type { Logger };

/** Structured logs, one JSON line each, on standard error. What could carry a secret is never logged, and redacted besides. */
export const createLog = (level: string): Logger =>
  pino(
    {
      level,
      base: { name: "tillgraph" },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["*.password", "*.token", "*.authorization", "*.accessToken", "*.refreshToken", "*.email"],
    },
    pino.destination({ fd: 2, sync: true }),
  );
