import { setInterval } from "node:timers";
import { setTimeout as wait, setImmediate as waitForTurn } from "node:timers/promises";
import pg from "pg";
import type { ConnectionQueue } from "./connection-queue";

/** How often is looked. */
export const LOOK_MS = 250;
/** Something takes so long that the database is asked whether it is there at all. */
const SUSPICIOUS_MS = 1_000;
/** It answers within this, or it is not there. With what was waited before it stays under three seconds. */
const PROBE_MS = 1_250;
/** In such steps is it waited for; one that takes twice as long tells nothing of the database, but that we ourselves are late. */
const STEP_MS = 125;

/** Hears that the database does not answer any more, and that it does again. */
export type LineEvents = { onAway: () => void; onBack: () => void };

type Line = {
  connections: pg.Pool;
  url: string;
  /** The pool's clients, connected or not */
  born: Set<pg.Client>;
  waiting: ConnectionQueue;
  events: LineEvents;
};

/**
 * Notices within three seconds when the database has fallen silent: something of ours takes long, a new connection gets no answer either, and
 * nothing else is heard meanwhile. All connections are then given up and whoever asks is refused at once, until it answers again. The
 * system would leave a silent connection open for hours.
 */
export function watchLine({ connections, url, born, waiting, events }: Line) {
  const inUse = new Map<pg.ClientBase, number>();
  let [away, probing, heard] = [false, false, 0];
  connections.on("acquire", (client) => inUse.set(client, performance.now()));
  connections.on("release", (error, client) => {
    inUse.delete(client);
    if (!error) heard++;
  });

  const longest = () => {
    const [since] = inUse.values();
    return Math.max(waiting.longest(), since === undefined ? 0 : performance.now() - since);
  };
  async function look() {
    if (away) giveUp(born);
    if (probing || !(away || longest() > SUSPICIOUS_MS)) return;
    probing = true;
    const before = heard;
    const answers = await probe(url);
    if (answers && away) [away] = [false, waiting.open(), events.onBack()];
    if (!answers && !away && heard === before) {
      away = true;
      events.onAway();
      waiting.refuse(new Error("Connection terminated: the database does not answer"));
      giveUp(born);
    }
    probing = false;
  }
  const timer = setInterval(() => (connections.ending ? clearInterval(timer) : void look()), LOOK_MS);
  timer.unref();
}

/** Whoever uses one of them hears that it was terminated. */
function giveUp(clients: Set<pg.Client>) {
  for (const client of clients) streamOf(client).destroy();
}

const streamOf = (client: pg.Client) =>
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;

/** Whether a new connection is answered, be it with a refusal. */
async function probe(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // it may break while nobody listens any more
  const answered = client
    .connect()
    .then(() => client.query("SELECT 1"))
    .then(() => true, isRefusal);
  const over = new AbortController();
  const answers = await Promise.race([answered, silence(over.signal)]);
  over.abort();
  streamOf(client).destroy();
  return answers;
}

/** Resolves with false after PROBE_MS in which we were not late: an answer may take six turns of ours, and lie unread at each. */
async function silence(over: AbortSignal): Promise<false> {
  for (let left = PROBE_MS; left > 0 && !over.aborted; ) {
    const began = performance.now();
    await wait(STEP_MS);
    await waitForTurn(); // what has come is read first
    if (performance.now() - began < 2 * STEP_MS) left -= STEP_MS;
  }
  return false;
}

/** "Too many connections", for one, is said by a database that is there. One that is starting or stopping serves nobody. */
const isRefusal = (error: unknown) => error instanceof pg.DatabaseError && !/^57P/.test(error.code ?? "");
