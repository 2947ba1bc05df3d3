import { inProcess } from "../driver/drive";
import type { Shop } from "../shop/open-shop";
import type { Server } from "../shop/server";
import type { Arrivals } from "./arrivals";
import type { Seen, Segment } from "./tally";

/** Our server under load, and what can be seen of it. */
export type Load = {
  run(segments: Segment[]): Promise<Seen[]>;
  look(): Promise<Look>;
  say(line: string): void;
};
/** What the server holds once its garbage is collected. */
export type Look = {
  /** Since the first look */
  hours: number;
  heapMb: number;
  handles: number;
  databaseConnections: number;
};

const HOUR_MS = 3_600_000;

/** Puts `server`, which serves `shop`, under load from a process of its own. */
export async function loadOn(
  shop: Shop,
  server: Server,
  { addresses, say }: { addresses: number; say(line: string): void },
): Promise<Load> {
  const { ours } = await shop.samples();
  const began = performance.now();
  return {
    run: (segments) =>
      inProcess<Seen[]>("mixed/driver.js", {
        url: server.url,
        data: ours,
        addresses,
        segments,
      } satisfies Arrivals),
    async look() {
      const { rows } = await shop.owner.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      const hours = (performance.now() - began) / HOUR_MS;
      return { hours, databaseConnections: rows[0]?.count ?? 0, ...(await server.look()) };
    },
    say,
  };
}
