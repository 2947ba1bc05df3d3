import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import { callerOf } from "../throttle/caller";
import { askedOperation } from "./documents/asked-operation";
import type { Door } from "./door";
import { createGate, type Gate } from "./gate";
import { answerError } from "./http-errors";
import type { Load } from "./load";
import { putNewcomersFirst } from "./newcomers";
import { readersOf } from "./readers";
import type { ReadsInHand } from "./reads-in-hand";

/** So long a request waits at most before its work begins: nothing of it is open in the database meanwhile. */
const WAIT_MS = 10_000;
/** For reads a burst, or a pause of the machine, is waited out; when it lasts, whoever would wait for longer than a second is told at once. */
const BRIEF = { burstMs: 5_000, standingMs: 1_000, yieldsMs: 2_000 };
/** For reads of an address that crowds the others: they come after everybody's. */
const LAST = { ...BRIEF, yieldsMs: 4_000 };
/** For other mutations: many carts filled at once are all waited for, and under a lasting overload for longer than who looks around. */
const LONGER = { burstMs: WAIT_MS, standingMs: 3_000, yieldsMs: 6_000 };
/** For those on their way to paying; what is left of the wait is for a line that gets slower. */
const PATIENT = { burstMs: WAIT_MS, standingMs: 7_000, yieldsMs: 0 };
/**
 * Mutations at work at once. More than connections: most of a checkout is waiting for a provider, and of a login for its hash; more
 * than hashes may wait (accounts/password-threads.ts), so that logins alone never take all places.
 */
const MUTATIONS = 64;
/** The mutations, a connection, that go in although others wait for connections: so that reads never keep all of them out. */
const MUTATIONS_A_CONNECTION = 0.5;

type Admission = {
  /** What those on their way to paying ask for, by name of the query or mutation */
  urgent: string[];
  load: Load;
  reads: ReadsInHand;
  /** Counts the work in hand */
  door: Door;
};
/** `caller` is whose read it is; null for a mutation. */
type Way = { gate: Gate; rank: number; patient: boolean; caller: string | null };
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Puts `work` behind two gates, one for reads and one for mutations, so that neither can use up what the other needs. Whoever cannot wait is
 * answered 503 at once. Those on their way to paying go before others, and reads from an address that has few in hand before
 * those from one that could take all places: under high load no further one of that address waits. Mutations wait here instead of for a
 * connection, where they would stand in order of arrival. When the client of a read goes, what it runs in the database is cancelled; a
 * mutation that has begun runs to its end.
 */
export function admission(platform: Platform, { urgent, load, reads: inHand, door }: Admission) {
  const { reads, mutations } = openGates(platform, inHand.places, door);
  const readers = readersOf(platform, inHand.places);
  const urgentOnes = new Set<string | null>(urgent);
  const words = new RegExp(["mutation", ...urgent].join("|"));

  function wayOf({ body, ip }: FastifyRequest): Way {
    const asked = askedOperation(body, words);
    const fields = asked?.fields ?? [];
    const paying = fields.length > 0 && fields.every((field) => urgentOnes.has(field)); // and asks for nothing else beside
    if (asked && !asked.reads) return { gate: mutations, rank: paying ? 0 : 1, patient: true, caller: null };
    const caller = callerOf(null, ip);
    inHand.begin(caller);
    const modest = !inHand.isCrowding(caller);
    const rank = (modest ? 0 : 1) + (paying ? 0 : 1);
    return { gate: reads, rank, patient: modest || paying || !load.isHigh(), caller };
  }
  async function carryOut(
    work: Handler,
    place: number,
    { gate, caller }: Way,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const reader = caller === null ? undefined : readers[place];
    if (caller !== null) inHand.holds(place, caller);
    reader?.begin(request, reply);
    door.atWork++;
    try {
      return await work(request, reply);
    } finally {
      door.atWork--;
      reader?.end(reply);
      gate.leave(place);
      mutations.letIn(); // whose connections may be free now
    }
  }

  return (work: Handler): Handler =>
    async (request, reply) => {
      const way = wayOf(request);
      const { gate, rank, patient, caller } = way;
      try {
        const entered = gate.enter(rank, () => request.raw.socket.destroyed, patient);
        const place =
          entered instanceof Promise
            ? await (caller === null ? entered : inHand.wait(caller, entered))
            : entered;
        return await (place === null ? shed(reply) : carryOut(work, place, way, request, reply));
      } finally {
        if (caller !== null) inHand.end(caller);
      }
    };
}

/** A gate for reads and one for mutations; newcomers come in before anybody goes through either. */
function openGates({ config, pool: { connections } }: Platform, readPlaces: number, door: Door) {
  const newcomers = putNewcomersFirst(door, () => {
    for (const gate of gates.reverse()) gate.letIn(); // in turns
  });
  const line = { queue: config.limits.queue, waitMs: WAIT_MS, onEnter: newcomers.begin };
  const reads = createGate({
    ...line,
    places: readPlaces,
    hasRoom: newcomers.mayBegin,
    ranks: [PATIENT, BRIEF, LAST], // of who asks for little and pays; who does but one of both; who crowds the others to look around
  });
  const always = Math.ceil(MUTATIONS_A_CONNECTION * config.database.pool);
  const mutations = createGate({
    ...line,
    places: MUTATIONS,
    hasRoom: (inside) => newcomers.mayBegin() && (inside < always || connections.waitingCount === 0),
    ranks: [PATIENT, LONGER],
  });
  const gates = [reads, mutations];
  return { reads, mutations };
}

const shed = (reply: FastifyReply) =>
  answerError(reply.header("retry-after", "1"), 503, "SERVICE_UNAVAILABLE", "Too busy. Try again soon.");
