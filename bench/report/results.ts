import { execFileSync } from "node:child_process";
import { cpus, platform, release, totalmem } from "node:os";
import type { Measured, Pace } from "../driver/turns";
import type { Target } from "../scenarios";

export type Row = Measured & { scenario: string; target: Target; connections: number };

export type Machine = {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  postgres: string;
};
/** How the server starts and what it takes while nobody asks. */
export type StartFigures = {
  /** From its process' start to its first answer, embedded PostgreSQL and all, with data of an earlier run there */
  startToFirstAnswerMs: number;
  /** Resident memory some seconds after that */
  idleMemoryMb: number;
};

export type Results = Pace & {
  /** Day of the run */
  date: string;
  machine: Machine;
  /** The version that the peer runs on; null without one, or where it cannot be learned */
  peerNode: string | null;
  products: number;
  variants: number;
  customers: number;
  /** In so many turns was each row measured */
  turns: number;
  start: StartFigures;
  rows: Row[];
};

export const describeMachine = (postgres: string): Machine => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
  node: process.version,
  postgres,
});

/** Resident memory of a process, in MB. */
export function memoryOf(pid: number): number {
  return Math.round(Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)]).toString()) / 1024);
}

/** The row of one measurement; undefined where it was not made. */
export const findRow = (rows: Row[], scenario: string, target: Target, connections: number) =>
  rows.find((row) => row.scenario === scenario && row.target === target && row.connections === connections);
