import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import type { Db } from "../database";
import { Reader } from "../pool/reader";
import { readingAs } from "../raw-statements";
import type { Reads } from "../replica";

declare module "fastify" {
  interface FastifyRequest {
    /** What a request that only reads works with */
    reading?: { db: Db; reads: Reads };
  }
}

/**
 * Begins a caller's request that only reads. What it asks the database for is given up when its client goes, and when it was answered before: a
 * document is as soon as a field fails that may not be null, whatever its other fields still wait for, or come to only then.
 */
export function beginReading(
  { db, pool, replica }: Platform,
  caller: string,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const reader = new Reader(caller);
  const own = readingAs(db, reader);
  request.reading = { db: own, reads: replica ? readingAs(replica.reads, reader) : own };
  const abandon = () => {
    reader.isOver = true;
    pool.drop(reader);
    replica?.drop(reader);
  };
  reply.raw.once("close", abandon);
  return {
    /** @returns when nothing of it is left in the database; null when nothing is */
    end(): Promise<void> | null {
      reply.raw.off("close", abandon);
      abandon();
      return reader.done();
    },
  };
}
