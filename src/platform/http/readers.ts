import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import type { Db } from "../database";
import { readerOf } from "../reader";
import type { Reads } from "../replica";

declare module "fastify" {
  interface FastifyRequest {
    /** What a request that only reads works with */
    reader?: { db: Db; reads: Reads };
  }
}

/**
 * What reads in each place work with. What one of them asks the database for is given up when its client goes, and when it was answered
 * before: a document is as soon as a field fails that may not be null, whatever its other fields still wait for.
 */
export function readersOf({ db, pool, replica }: Platform, places: number) {
  const pools = [pool.readers, ...(replica ? [replica.readers] : [])];
  return Array.from({ length: places }, (_, place) => {
    const reader = readerOf(db, place);
    const parts = { db: reader, reads: replica ? readerOf(replica.reads, place) : reader };
    const abandon = () => {
      for (const readers of pools) readers.abandon(place);
    };
    return {
      begin(request: FastifyRequest, reply: FastifyReply) {
        for (const readers of pools) readers.begin(place);
        request.reader = parts;
        reply.raw.once("close", abandon);
      },
      /** @returns when nothing of it is left in the database; null when nothing is */
      end(reply: FastifyReply): Promise<unknown> | null {
        reply.raw.off("close", abandon);
        if (pools.every((readers) => readers.settled(place) === null)) return null;
        abandon();
        return Promise.all(pools.map((readers) => readers.settled(place)));
      },
    };
  });
}
