import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import { callerOf } from "../throttle/caller";
import { askedOperation } from "./documents/asked-operation";
import type { Door } from "./door";
import type { Gate } from "./gate";
import { MUTATION_PLACES, openGates, RANKS } from "./gates";
import { answerError } from "./http-errors";
import { countInHand, type InHand } from "./in-hand";
import type { Load } from "./load";
import { readersOf } from "./readers";
import type { ReadsInHand } from "./reads-in-hand";
import { boundWaitingBodies, type WaitingBodies } from "./waiting-bodies";

declare module "fastify" {
  interface FastifyRequest {
    /** Context's */
    giveWay?: () => void;
  }
}

type Admission = {
  /** What those on their way to paying ask for, by name of the query or mutation */
  urgent: string[];
  load: Load;
  reads: ReadsInHand;
  /** Counts the work in hand */
  door: Door;
};
type Side = {
  gate: Gate;
  inHand: InHand;
  /** By rank */
  bodies: WaitingBodies[];
};
type Way = { side: Side; rank: number; isPatient: () => boolean; caller: string };
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Puts `work` behind two gates, one for reads and one for mutations, so that neither can use up what the other needs. Whoever cannot wait is
 * answered 503 at once. An address that has few in hand goes before one that could take all places, and of either those on their way to paying
 * before others; under high load no further read of an address that looks around and has many in hand waits. Mutations wait here instead of
 * for a connection, where they would stand in order of arrival. When the client of a read goes, what it runs in the database is cancelled; a
 * mutation that has begun runs to its end.
 */
export function admission(platform: Platform, { urgent, load, reads: readsInHand, door }: Admission) {
  const { reads, mutations } = openGates(platform, readsInHand.places, door);
  const bodies = () => Array.from({ length: RANKS }, boundWaitingBodies);
  const reading: Side = { gate: reads, inHand: readsInHand, bodies: bodies() };
  const changing: Side = { gate: mutations, inHand: countInHand(MUTATION_PLACES), bodies: bodies() };
  const readers = readersOf(platform, readsInHand.places);
  const urgentOnes = new Set<string | null>(urgent);
  const words = new RegExp(["mutation", ...urgent].join("|"));

  function wayOf({ body, ip }: FastifyRequest): Way {
    const asked = askedOperation(body, words);
    const fields = asked?.fields ?? [];
    const paying = fields.length > 0 && fields.every((field) => urgentOnes.has(field)); // and asks for nothing else beside
    const side = asked === null || asked.reads ? reading : changing;
    const caller = callerOf(null, ip);
    side.inHand.begin(caller);
    const modest = !side.inHand.isCrowding(caller);
    const rank = (modest ? 0 : 2) + (paying ? 0 : 1);
    const isPatient = () => side === changing || modest || paying || !load.isHigh();
    return { side, rank, isPatient, caller };
  }
  /** @returns the place, or null when he is told no */
  function enter(
    request: FastifyRequest,
    { side, rank, isPatient, caller }: Way,
  ): number | null | Promise<number | null> {
    const bodies = side.bodies[rank] as WaitingBodies;
    const gone = () => request.raw.socket.destroyed;
    const entered = side.gate.enter(rank, gone, () => isPatient() && bodies.mayWait(request));
    if (!(entered instanceof Promise)) return entered;
    const waited = bodies.wait(request, entered);
    return side === reading ? readsInHand.wait(caller, waited) : waited;
  }
  async function carryOut(
    work: Handler,
    place: number,
    { side, caller }: Way,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const reader = side === reading ? readers[place] : undefined;
    let isIn = true;
    const leavePlace = () => {
      if (isIn) side.gate.leave(place);
      isIn = false;
    };
    const leave = () => {
      leavePlace();
      side.inHand.end(caller);
    };
    if (!reader) request.giveWay = leavePlace;
    if (reader) readsInHand.holds(place, caller);
    reader?.begin(request, reply);
    door.atWork++;
    try {
      return await work(request, reply);
    } finally {
      door.atWork--;
      const left = reader?.end(reply);
      if (left) void left.then(leave);
      else leave();
    }
  }

  return (work: Handler): Handler =>
    async (request, reply) => {
      const way = wayOf(request);
      const entered = enter(request, way);
      const place = entered instanceof Promise ? await entered : entered;
      if (place !== null) return carryOut(work, place, way, request, reply);
      way.side.inHand.end(way.caller);
      return shed(reply);
    };
}

const shed = (reply: FastifyReply) =>
  answerError(reply.header("retry-after", "1"), 503, "SERVICE_UNAVAILABLE", "Too busy. Try again soon.");
