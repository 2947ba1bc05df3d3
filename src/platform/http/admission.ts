import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import type { Db } from "../database";
import { readerOf } from "../reader";
import type { Reads } from "../replica";
import { callerOf } from "../throttle/caller";
import { askedMutation } from "./documents/asked-mutation";
import type { Door } from "./door";
import { createGate, type Gate } from "./gate";
import { answerError } from "./http-errors";
import type { Load } from "./load";
import { countReadsInHand } from "./reads-in-hand";

declare module "fastify" {
  interface FastifyRequest {
    /** What a request that only reads works with */
    reader?: { db: Db; reads: Reads };
  }
}

/** So long a request waits before its work begins: nothing of it is open in the database meanwhile. */
const WAIT_MS = 10_000;
/** A read is asked for again sooner than that: more work is queued than can be done, and the rest is told at once. */
const READ_PATIENCE_MS = 3_000;
/**
 * Mutations at work at once. More than connections: most of a checkout is waiting for a provider, and of a login for its hash; more
 * than hashes may wait (accounts/password-threads.ts), so that logins alone never take all places.
 */
const MUTATIONS = 64;
/** Reads at work at once, a connection: the one that is served next is being parsed meanwhile. */
const READS_A_CONNECTION = 2;

type Admission = {
  /** Mutations of those with money in hand, by name */
  urgent: string[];
  load: Load;
  /** Counts the work in hand */
  door: Door;
};
type Way = { gate: Gate; rank: number; patient: boolean };
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Puts `work` behind two gates, one for reads and one for mutations, so that neither can use up what the other needs. Whoever cannot wait is
 * answered 503 at once. Those with money in hand go before other mutations, and reads from an address that has few in hand before
 * those from one that could take all places: under high load no further one of that address waits. When the client of a read goes, what it runs in the database is cancelled; a mutation
 * that has begun runs to its end.
 */
export function admission({ config, db, pool, replica }: Platform, { urgent, load, door }: Admission) {
  const { queue } = config.limits;
  const places = READS_A_CONNECTION * config.database.pool;
  const readers = Array.from({ length: places }, (_, place) => {
    const reader = readerOf(db, place);
    return { db: reader, reads: replica ? readerOf(replica.reads, place) : reader };
  });
  const abandoned = [pool.abandoned, ...(replica ? [replica.abandoned] : [])];
  const reads = createGate({ places, queue, ranks: 2, waitMs: WAIT_MS, patienceMs: READ_PATIENCE_MS });
  const mutations = createGate({
    places: MUTATIONS,
    queue,
    ranks: 2,
    waitMs: WAIT_MS,
    patienceMs: WAIT_MS,
  });
  const isUrgent = (name: string) => urgent.includes(name);

  const inHand = countReadsInHand();

  return (work: Handler): Handler => {
    async function admit(request: FastifyRequest, reply: FastifyReply, { gate, rank, patient }: Way) {
      const entered = gate.enter(rank, () => request.raw.socket.destroyed, patient);
      const place = typeof entered === "number" ? entered : await entered;
      if (place === null) return shed(reply);
      const reading = gate === reads;
      if (reading) request.reader = readers[place];
      const watched = reading ? cancelWhenGone(reply, abandoned, place) : undefined;
      door.atWork++;
      try {
        return await work(request, reply);
      } finally {
        door.atWork--;
        watched?.();
        gate.leave(place);
      }
    }
    return (request, reply) => {
      const mutation = askedMutation(request.body);
      if (mutation) {
        const rank = mutation.names.some(isUrgent) ? 0 : 1;
        return admit(request, reply, { gate: mutations, rank, patient: true });
      }
      const caller = callerOf(null, request.ip);
      const modest = inHand.begin(caller) <= places / 2;
      const way = { gate: reads, rank: modest ? 0 : 1, patient: modest || !load.isHigh() };
      return admit(request, reply, way).finally(() => inHand.end(caller));
    };
  };
}

const shed = (reply: FastifyReply) =>
  answerError(reply.header("retry-after", "1"), 503, "SERVICE_UNAVAILABLE", "Too busy. Try again soon.");

/** Gives back how to stop watching. */
function cancelWhenGone(reply: FastifyReply, abandoned: Set<number>[], place: number) {
  const onClose = () => {
    for (const places of abandoned) places.add(place);
  };
  for (const places of abandoned) places.delete(place);
  reply.raw.once("close", onClose);
  return () => reply.raw.off("close", onClose);
}
