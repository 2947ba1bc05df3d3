import type { FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "../context";
import type { Db } from "../database";
import { Abandoned } from "../errors";
import type { RawReads } from "../raw-statements";
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
    const own = { db: reader, reads: replica ? readerOf(replica.reads, place) : reader };
    let asking = { isOver: false };
    const abandon = () => {
      asking.isOver = true;
      for (const readers of pools) readers.abandon(place);
    };
    const isLeft = () => pools.some((readers) => readers.settled(place) !== null);
    return {
      begin(request: FastifyRequest, reply: FastifyReply) {
        for (const readers of pools) readers.begin(place);
        asking = { isOver: false };
        const ownDb = whileAsked(own.db, asking);
        request.reader = { db: ownDb, reads: replica ? whileAsked(own.reads, asking) : ownDb };
        reply.raw.once("close", abandon);
      },
      /** @returns when nothing of it is left in the database; null when nothing is */
      end(reply: FastifyReply): Promise<void> | null {
        reply.raw.off("close", abandon);
        asking.isOver = true;
        if (!isLeft()) return null;
        abandon();
        return nothingIsLeft();
      },
    };
    async function nothingIsLeft() {
      while (isLeft()) await Promise.all(pools.map((readers) => readers.settled(place)));
    }
  });
}

/** A view of `reads` that asks for nothing any more when its request is over: some field of it may only come to that then. */
function whileAsked<From extends RawReads>(reads: From, asking: { isOver: boolean }): From {
  const { $queryRaw }: RawReads = reads;
  const asks = async (...statement: Parameters<RawReads["$queryRaw"]>) => {
    if (asking.isOver) throw new Abandoned();
    return $queryRaw(...statement);
  };
  return Object.create(reads, { $queryRaw: { value: asks } });
}
