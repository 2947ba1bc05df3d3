import type { FastifyInstance } from "fastify";
import type { Platform } from "../context";
import type { Door } from "./door";
import type { Load } from "./load";

/** Further apart, expiries would be judged by clocks that disagree. */
export const MOST_DRIFT_MS = 5_000;

/** /livez does no I/O; /readyz asks the database and turns false when the server leaves or keeps people waiting. Neither tells outsiders why. */
export function addHealth(server: FastifyInstance, platform: Platform, door: Door, load: Load) {
  server.get("/livez", async () => ({ status: "ok" }));
  server.get("/readyz", async (request, reply) => {
    const busy = load.isHighForAll();
    const drift = door.leaving || busy ? null : await clockDrift(platform).catch(() => null);
    const ready = drift !== null && Math.abs(drift) <= MOST_DRIFT_MS;
    if (!ready) platform.log.warn({ leaving: door.leaving, busy, drift, requestId: request.id }, "not ready");
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "unavailable" });
  });
}

/** Milliseconds by which our clock is ahead of the database's. */
export async function clockDrift({ db, clock }: Platform): Promise<number> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return clock.now().getTime() - (row?.now.getTime() ?? 0);
}
