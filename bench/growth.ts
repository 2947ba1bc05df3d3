import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drive } from "./driver/drive";
import type { Measured } from "./driver/measure";
import type { GrowOptions } from "./grow-options";
import type { Machine } from "./report/results";
import { round } from "./report/table";
import type { Shop } from "./shop/open-shop";
import type { Postgres } from "./shop/postgres";
import { startShop } from "./shop/server";

/** One operation beside so many products or orders, with one caller: latency, not throughput, tells how work grows. */
export type Point = Measured & { of: "products" | "orders"; size: number; flow: string };
export type Growth = {
  /** Day of the run */
  date: string;
  machine: Machine;
  points: Point[];
  /** New products a second, beside so many */
  imports: { size: number; perSecond: number }[];
};
/** What both halves of a run share. */
export type Run = { postgres: Postgres; growth: Growth; keep(): void; say(line: string): void };

const fileIn = (folder: string) => join(folder, "grow.json");

export function writeGrowth(growth: Growth, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileIn(folder), `${JSON.stringify(growth, null, 2)}\n`);
}

/** What an earlier run found, if there was one. */
export const readGrowth = (folder: string): Growth | null =>
  existsSync(fileIn(folder)) ? JSON.parse(readFileSync(fileIn(folder), "utf8")) : null;

/** Starts our server on the shop, measures each of these flows with one caller and puts the points in the place of earlier ones. */
export async function measureFlows(
  { warmupSeconds, seconds }: GrowOptions,
  { growth, say }: Run,
  shop: Shop,
  { of, size, flows }: { of: Point["of"]; size: number; flows: string[] },
): Promise<void> {
  const server = await startShop({ ...shop.settings, RESPONSE_CACHE_MB: "0" });
  try {
    if (of === "orders") await shop.addOrders(server, 5);
    growth.points = growth.points.filter((point) => point.of !== of || point.size !== size);
    const { ours } = await shop.samples();
    for (const flow of flows) {
      const load = { url: server.url, connections: 1, warmupSeconds, seconds };
      const measured = await drive({ target: "ours", scenario: flow, data: ours, load });
      growth.points.push({ of, size, flow, ...measured });
      const errors = measured.errors > 0 ? `  ${measured.errors} ERRORS: ${measured.firstError}` : "";
      say(
        `${size} ${of}: ${flow.padEnd(18)} p50 ${round(measured.p50)} ms  p99 ${round(measured.p99)} ms${errors}`,
      );
    }
  } finally {
    await server.stop();
  }
}
