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

/** What reads in each place work with: what one of them runs is cancelled when its client goes. */
export function readersOf({ db, pool, replica }: Platform, places: number) {
  const abandoned = [pool.abandoned, ...(replica ? [replica.abandoned] : [])];
  return Array.from({ length: places }, (_, place) => {
    const reader = readerOf(db, place);
    const parts = { db: reader, reads: replica ? readerOf(replica.reads, place) : reader };
    const abandon = () => {
      for (const places of abandoned) places.add(place);
    };
    return {
      begin(request: FastifyRequest, reply: FastifyReply) {
        for (const places of abandoned) places.delete(place);
        request.reader = parts;
        reply.raw.once("close", abandon);
      },
      end(reply: FastifyReply) {
        reply.raw.off("close", abandon);
      },
    };
  });
}
