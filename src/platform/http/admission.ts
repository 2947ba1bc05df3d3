import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import { callerOf } from "../throttle/caller";
import { askedOperation } from "./documents/asked-operation";
import type { Door } from "./door";
import type { Gates } from "./gates";
import { answerError } from "./http-errors";
import { largeBytesOf } from "./large-body";
import type { Load } from "./load";
import { beginReading } from "./reading";

declare module "fastify" {
  interface FastifyRequest {
    /** Context's */
    giveWay?: () => boolean;
  }
}

type Admission = {
  /** What those on their way to paying ask for, by name of the query or mutation */
  urgent: string[];
  load: Load;
  gates: Gates;
  /** Counts the work in hand */
  door: Door;
};
type Way = { side: Gates["reads"]; rank: number; isPatient: () => boolean; caller: string };
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Puts `work` behind two gates, one for reads and one for mutations, so that neither can use up what the other needs. Whoever cannot wait is
 * answered 503 at once. An address that has few in hand goes before one that could take all places, and of either those on their way to paying
 * before others; under high load no further read of an address that looks around and has many in hand waits. Mutations wait here instead of
 * for a connection, where they would stand in order of arrival. When the client of a read goes, what it runs in the database is cancelled; a
 * mutation that has begun runs to its end.
 */
export function admission(platform: Platform, { urgent, load, gates, door }: Admission) {
  const { reads, mutations, gaveWay } = gates;
  const urgentOnes = new Set<string | null>(urgent);
  const words = new RegExp(["mutation", ...urgent].join("|"));

  function wayOf({ body, ip }: FastifyRequest): Way {
    const asked = askedOperation(body, words);
    const fields = asked?.fields ?? [];
    const paying = fields.length > 0 && fields.every((field) => urgentOnes.has(field)); // and asks for nothing else beside
    const side = asked === null || asked.reads ? reads : mutations;
    const caller = callerOf(null, ip);
    side.inHand.begin(caller);
    const modest = !side.inHand.isCrowding(caller);
    const rank = (modest ? 0 : 2) + (paying ? 0 : 1);
    const isPatient = () => side === mutations || modest || paying || !load.isHigh();
    return { side, rank, isPatient, caller };
  }
  async function carryOut(
    work: Handler,
    { side, caller }: Way,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const { gate, inHand } = side;
    let outside: number | null = null; // with so many bytes, once he gave way
    const giveWay = () => {
      if (outside !== null) return true;
      const bytes = largeBytesOf(request);
      if (!gaveWay.begin(bytes)) return false;
      outside = bytes;
      gate.leave();
      return true;
    };
    const leave = () => {
      if (outside === null) gate.leave();
      else gaveWay.end(outside);
      inHand.end(caller);
    };
    const reading = side === reads ? beginReading(platform, caller, request, reply) : null;
    if (!reading) request.giveWay = giveWay;
    door.atWork++;
    try {
      return await work(request, reply);
    } finally {
      door.atWork--;
      const left = reading?.end();
      if (left) void left.then(leave);
      else leave();
    }
  }

  return (work: Handler): Handler =>
    async (request, reply) => {
      const way = wayOf(request);
      const { side, rank, isPatient, caller } = way;
      const guest = {
        caller,
        bytes: () => largeBytesOf(request),
        gone: () => request.raw.socket.destroyed,
      };
      const entered = side.gate.enter(rank, guest, isPatient);
      if (entered instanceof Promise ? await entered : entered) return carryOut(work, way, request, reply);
      side.inHand.end(caller);
      return shed(reply);
    };
}

const shed = (reply: FastifyReply) =>
  answerError(reply.header("retry-after", "1"), 503, "SERVICE_UNAVAILABLE", "Too busy. Try again soon.");
