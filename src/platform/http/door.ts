import type { Server } from "node:http";
import { setTimeout as wait, setImmediate as waitForTurn } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/**
 * `leaving`: requests are still served, but new ones had better go elsewhere. `arrivals` counts connections, `atWork` the requests whose
 * work has begun and not ended, whether their client is still there or not.
 */
export type Door = { leaving: boolean; arrivals: number; atWork: number };

export const openDoor = (): Door => ({ leaving: false, arrivals: 0, atWork: 0 });

/** Nobody has come for so long: whoever was told to go elsewhere has gone. Longer than a connection takes to send its request. */
const QUIET_MS = 500;
/** Clients that come back however often they are sent away keep no server open. */
const LONGEST_MS = 5_000;
/** Providers have answered by then; what is open still, has sent half a request or reads no answer. */
const LAST_ANSWER_MS = 20_000;
/** Between looks at whether work without a client is done. */
const LOOK_MS = 20;

/** Requests on their way over connections that are closed are lost: whoever takes the last place and leaves it again closes them no more often. */
const ROOM_EVERY_MS = 1_000;

/**
 * At most `connections` at once, idle ones too: with the last of them all that are idle are closed, so that nobody shuts the shop by holding
 * them. While the server leaves, each ends with its next answer: kept alive it would keep us from closing, or lose a request.
 */
export function watchDoor(server: FastifyInstance, door: Door, connections: number) {
  const http = server.server as Server;
  let open = 0;
  let hasJustMadeRoom = false;
  http.maxConnections = connections;
  http.on("connection", (socket) => {
    door.arrivals++;
    socket.once("close", () => open--);
    open++;
    makeRoom();
  });
  function makeRoom() {
    if (open < connections || hasJustMadeRoom) return;
    http.closeIdleConnections();
    hasJustMadeRoom = true;
    setTimeout(() => {
      hasJustMadeRoom = false;
      makeRoom();
    }, ROOM_EVERY_MS).unref();
  }
  server.addHook("preClose", async () => {
    door.leaving = true;
  });
  server.addHook("onSend", (_request, reply, payload, done) => {
    if (door.leaving) reply.header("connection", "close");
    done(null, payload);
  });
}

/** Sends clients and balancers elsewhere, still answering all who come, until nobody does. */
export async function leave(door: Door) {
  door.leaving = true;
  for (let waited = 0, seen = -1; waited < LONGEST_MS && seen !== door.arrivals; waited += QUIET_MS) {
    seen = door.arrivals;
    await wait(QUIET_MS);
  }
}

/** Takes no more connections and waits until the requests in hand are answered, and done even where nobody waits for the answer. */
export async function closeDoor(server: FastifyInstance, door: Door) {
  await waitForTurn(); // right after what has arrived was read: the system resets what lies unread on a connection that is closed
  const cut = setTimeout(() => (server.server as Server).closeAllConnections(), LAST_ANSWER_MS);
  await server.close();
  clearTimeout(cut);
  while (door.atWork > 0) await wait(LOOK_MS);
}
