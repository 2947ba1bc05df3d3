import { drive } from "./driver/drive";
import type { Load } from "./driver/measure";
import { type Measured, type Pace, sumUp, TURNS, takeTurns, warmUp } from "./driver/turns";
import type { GrowOptions } from "./grow-options";
import type { Machine } from "./report/results";
import { round } from "./report/table";
import type { ShopData } from "./scenarios/ours";
import { openShop, type Shop } from "./shop/open-shop";
import type { Postgres } from "./shop/postgres";
import { type Server, startShop } from "./shop/server";
import { copyStage, type Stages } from "./shop/stages";

/** One operation beside so many products or orders, with one caller: latency, not throughput, tells how work grows. */
export type Point = Measured & { of: string; size: number; flow: string };
export type Growth = Pace & {
  /** Day of the run */
  date: string;
  machine: Machine;
  /** PostgreSQL's own memory for pages */
  sharedBuffers: string;
  points: Point[];
  /** New products a second, beside so many */
  imports: { size: number; perSecond: number }[];
};
/** What both halves of a run share. */
export type Run = { postgres: Postgres; growth: Growth; keep(): void; say(line: string): void };
/** A copy of a stage with our server on it. */
export type Opened = { size: number; shop: Shop; server: Server; data: ShopData };

/** Opens a copy of each stage, read into memory, with a server that is paused, lets `work` measure them, and drops the copies. */
export async function withStages(
  { of, sizes, manyWords }: Stages,
  { postgres, say }: Run,
  prepare: (shop: Shop, server: Server) => Promise<void>,
  work: (opened: Opened[]) => Promise<void>,
): Promise<void> {
  const opened: Opened[] = [];
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const size of sizes) {
      say(`copying the shop with ${size} ${of} …`);
      const database = await copyStage(postgres, of, size);
      undo.unshift(database.drop);
      await database.warm();
      const shop = await openShop(database, { manyWords });
      undo.unshift(shop.close);
      const server = await startShop({ ...shop.settings, RESPONSE_CACHE_MB: "0" });
      undo.unshift(server.stop);
      await prepare(shop, server);
      server.pause();
      opened.push({ size, shop, server, data: (await shop.samples()).ours });
    }
    await postgres.checkpoint(); // what the copies wrote is on the disk before anything is measured
    await work(opened);
  } finally {
    for (const step of undo) await step();
  }
}

/** Of each flow all sizes take turns, with one caller on warm code: what is compared is measured in the same minute, whatever else the machine is at. */
export async function measureFlows(
  { warmupSeconds, settleSeconds, seconds }: GrowOptions,
  { growth, keep, say }: Run,
  opened: Opened[],
  { of, flows }: { of: string; flows: string[] },
): Promise<void> {
  for (const flow of flows) {
    const ask = ({ server, data }: Opened, load: Load) =>
      server.awakeFor(() => drive({ target: "ours", scenario: flow, data, load }));
    for (const one of opened) await warmUp(one.server.url, warmupSeconds, (load) => ask(one, load));
    const taken = await takeTurns(opened, TURNS, (one) =>
      ask(one, { url: one.server.url, connections: 1, settleSeconds, seconds }),
    );
    for (const [{ size }, turns] of taken) {
      const measured = middleOf(turns.map((turn) => sumUp([turn], 1)));
      growth.points.push({ of, size, flow, ...measured });
      const errors = measured.errors > 0 ? `  ${measured.errors} ERRORS: ${measured.firstError}` : "";
      say(
        `${flow.padEnd(18)} beside ${size} ${of}: p50 ${round(measured.p50)} ms  p99 ${round(measured.p99)} ms${errors}`,
      );
    }
    keep();
  }
}

/** Of several turns the one in the middle, with the errors of all. @throws Error when there is none */
export function middleOf(turns: Measured[]): Measured {
  const sorted = turns.toSorted((one, other) => one.p50 - other.p50);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("Nothing was measured");
  const errors = turns.reduce((sum, turn) => sum + turn.errors, 0);
  return { ...middle, errors, firstError: turns.find((turn) => turn.firstError)?.firstError ?? null };
}
