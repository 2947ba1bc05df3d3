import type { FastifyInstance } from "fastify";
import type { Platform } from "../context";
import type { Door } from "./door";
import type { Load } from "./load";

/** Further apart, expiries would be judged by clocks that disagree. */
export const MOST_DRIFT_MS = 5_000;

/** /livez does no I/O; /readyz asks the database and turns false when the server leaves or keeps people waiting. Neither tells outsiders why. */
export function addHealth(server: FastifyInstance, platform: Platform, door: Door, load: Load) {
  let asking: Promise<number | null> | null = null;
  /** Whoever asks meanwhile hears the same: nobody fills the line for connections by asking often. */
  const drift = () => {
    asking ??= clockDrift(platform)
      .catch(() => null)
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  server.get("/livez", async () => ({ status: "ok" }));
  server.get("/readyz", async (request, reply) => {
    const busy = load.isHighForAll();
    const ahead = door.leaving || busy ? null : await drift();
    const ready = ahead !== null && Math.abs(ahead) <= MOST_DRIFT_MS;
    if (!ready)
      platform.log.warn({ leaving: door.leaving, busy, drift: ahead, requestId: request.id }, "not ready");
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "unavailable" });
  });
}

/** Milliseconds by which our clock is ahead of the database's. */
export async function clockDrift({ db, clock }: Platform): Promise<number> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return clock.now().getTime() - (row?.now.getTime() ?? 0);
}
